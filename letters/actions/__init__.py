"""What people do to a letter: write, have it approved, send."""
