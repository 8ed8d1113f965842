"""What customers do by themselves: complain, and ask how it stands."""
