"""How moments are written where no page says it itself, as in the admin; Django's own Chinese forms suit us."""
