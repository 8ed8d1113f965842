"""What is done with short messages from customers."""
