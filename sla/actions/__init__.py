"""What people and time do to clocks."""
