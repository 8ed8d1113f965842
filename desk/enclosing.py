"""Files that come with a call: they wait for its ticket, and stay with what was typed when something is missing."""

from dataclasses import dataclass, field

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from attachments import actions
from attachments.actions import Holder
from attachments.models import Attachment
from common.refusals import Refusal
from complaints.models import Ticket
from complaints.models.permissions import ACCEPTING
from desk.entrance import DeskRequest

CHOSEN, WAITING, DROPPED = "evidence", "draft", "drop"
"""The fields of the form: files chosen just now, keys of those that wait, the key of one that is not wanted."""


@dataclass(frozen=True)
class Enclosed:
    """What waits for the ticket, and why other files do not."""

    waiting: list[Attachment]
    refused: list[str] = field(default_factory=list)
    changed: bool = False

    @property
    def keys(self) -> list[str]:
        """By which the form and the draft of the call know them."""
        return [attachment.key for attachment in self.waiting]


def take_in(request: DeskRequest) -> Enclosed:
    """Keep what was chosen and let go of what is not wanted any more; only who accepts brings files."""
    if not request.authority.holds(*ACCEPTING):
        return Enclosed([])
    holder, refused = Holder(request.user), []
    keys, dropped = request.POST.getlist(WAITING), request.POST.getlist(DROPPED)
    actions.discard(dropped, holder=holder)
    for upload in request.FILES.getlist(CHOSEN):
        assert isinstance(upload, UploadedFile)
        try:
            keys.append(actions.keep(upload, holder=holder, at=request.at).key)
        except Refusal as refusal:
            refused.append(f"{upload.name}: {refusal}")
    return Enclosed(_waiting(request, keys), refused, changed=bool(dropped or request.FILES))


def of_draft(request: DeskRequest, draft: QueryDict | None) -> Enclosed:
    """What waits with a call that was interrupted."""
    return Enclosed(_waiting(request, draft.getlist(WAITING)) if draft else [])


def put_on(ticket: Ticket, enclosed: Enclosed, *, request: DeskRequest) -> Ticket:
    """The ticket is there: they are its files now. Gives the ticket as it is with them. Raises Refusal."""
    added = actions.attach_drafts(ticket, enclosed.keys, holder=Holder(request.user), by=request.user, at=request.at)
    return Ticket.objects.with_people().get(pk=ticket.pk) if added else ticket


def forget(request: DeskRequest) -> None:
    """The call is discarded, and with it what waited."""
    actions.discard(request.POST.getlist(WAITING), holder=Holder(request.user))


def _waiting(request: DeskRequest, keys: list[str]) -> list[Attachment]:
    return list(Holder(request.user).drafts.filter(key__in=keys)) if keys else []
