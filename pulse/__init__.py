"""Whether the timers beat: what is due and was not fired, counted apart from the sweeps, and an alarm about it."""
