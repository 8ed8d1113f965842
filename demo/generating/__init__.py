"""Very many tickets in minutes: some lived through the live actions, each then multiplied by the database."""
