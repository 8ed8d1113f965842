from complaints.models.assistance import Assistance
from complaints.models.category import Category
from complaints.models.chase_up import ChaseUp
from complaints.models.conclusion import CauseCode, Conclusion, NatureRule
from complaints.models.feedback import Feedback, FillerPhrase, filler_phrases
from complaints.models.follow_up import FollowUp
from complaints.models.history import Entry, Note
from complaints.models.hold import Hold
from complaints.models.progress import InterimRemedy, Progress
from complaints.models.reply import ReplyAttempt
from complaints.models.rules import DeskRules
from complaints.models.ticket import Ticket

__all__ = [
    "Assistance",
    "Category",
    "CauseCode",
    "ChaseUp",
    "Conclusion",
    "DeskRules",
    "Entry",
    "Feedback",
    "FillerPhrase",
    "FollowUp",
    "Hold",
    "InterimRemedy",
    "NatureRule",
    "Note",
    "Progress",
    "ReplyAttempt",
    "Ticket",
    "filler_phrases",
]
