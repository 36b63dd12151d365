"""What the law speaks of: money, months, people's numbers, care forms, regions, citations."""
