"""The pages, a folder for each room of the workflow."""
