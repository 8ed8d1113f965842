"""What people type, by stage of the life; each deed on a ticket is one small form."""
