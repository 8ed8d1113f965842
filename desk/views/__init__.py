"""The pages, by workplace."""
