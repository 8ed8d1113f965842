"""Real complaints played through the lifecycle at their own times, on a clock that jumps to what comes next.

`play.py` turns the clock, `company.py` does what people do, `habits.py` says how they are, `staffing.py` who is on
duty; `sweeps.py` is the live sweep, called at the instants when something is due. `report.py` adds up what came out
and `invariants.py` checks what must always hold.
"""
