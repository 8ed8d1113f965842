"""What people and the clock can do to a ticket, by stage of its life."""
