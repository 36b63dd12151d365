"""Reading the country's law from its data files, each by date."""
