from escalation.models.escalation import Escalation
from escalation.models.ladder import Ladder, Step, known_ladders
from escalation.models.roster import Roster, RosterException
from escalation.models.rules import EscalationRules

__all__ = ["Escalation", "EscalationRules", "Ladder", "Roster", "RosterException", "Step", "known_ladders"]
