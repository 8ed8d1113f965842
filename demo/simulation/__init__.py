"""Real complaints played through the lifecycle at their own times, on a clock that jumps to what comes next.

`play.py` turns the clock. `company.py` knows who is there and plans the next act of each life; its desks do what people
do, each a class that registers itself with the company, in the order of a life: `front_line.py` takes the matter in,
`dispatch_desk.py` sends it on, `units.py` work on it, `answering.py` replies and concludes, `aftercare.py` calls back.
`own_accord.py` is what customers do unasked, `supervision.py` what those do who hear of what is overdue.

`habits.py` says how people are, `staffing.py` who is on duty; `sweeps.py` is the live sweep, called at the instants
when something is due. `report.py` adds up what came out and `invariants.py` checks what must always hold.
"""
