"""Taking in tickets from any CSV file: a map says what its columns mean, then each line is accepted like a contact."""
