"""What people, the customer and the clock can do about a callback."""
