"""What people and the clock can do with ladders and escalations."""
