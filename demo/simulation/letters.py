"""Written replies: drafted from the template, agreed to by the lead and the legal adviser, and sent (R41, R46)."""

from dataclasses import replace
from datetime import datetime

from accounts.models import Person
from common.refusals import Malformed
from complaints.models import Ticket
from complaints.states import Medium, State
from contact import gate
from demo.simulation.company import Company, Life
from demo.simulation.habits import drawn, minutes
from demo.simulation.nearest import nearest
from demo.simulation.staffing import Worker
from letters.actions import approving, drafting, sending
from letters.actions.drafting import Wording
from letters.filling import GAP
from letters.kinds import DECIDERS, Language, Standing
from letters.models import Letter

MEDIA = {Medium.LETTER: 0.75, Medium.EMAIL: 0.25}
WANTED = "请写明退费到账的时间。"
ADDED = {
    Language.CHINESE: ("退还30元，三个工作日内到账。", "退费将于本月二十日前到账。"),
    Language.ENGLISH: ("30 yuan are taken back within three working days.", "It will be on your next bill."),
}
LETTER, REFUSED = "letter", "letter refused"


class Letters:
    """Those of a company who write to customers, and those who have to agree."""

    def __init__(self, company: Company) -> None:
        self.company = company

    def begin(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """Draft the answer from the category's template and fill in what it cannot know."""
        language = Language.ENGLISH if life.caller.language == "en" else Language.CHINESE
        medium = drawn(life.rng, MEDIA)
        proposed = drafting.propose(ticket, language=language, by=who, at=at)
        wording = replace(
            proposed,
            address=f"{life.caller.number}@customer.example" if medium == Medium.EMAIL else proposed.address,
            body=GAP.sub(ADDED[language][0], proposed.body),
        )
        letter = drafting.draft(ticket, medium=medium, language=language, wording=wording, by=who, at=at)
        life.spare_turns[LETTER] = letter.pk
        self.company.go_on(life, self.company.read(life), at=at)

    def follow(self, life: Life, ticket: Ticket, at: datetime) -> bool:
        """Plan what comes next for a letter in the making; whether there is one."""
        company, letter = self.company, self._letter(life)
        if letter is None:
            return False
        if letter.standing == Standing.IN_APPROVAL:
            takes = minutes(life.rng, company.habits.decision, 1.0)
            company.by_somebody(life, nearest_deciders(company, letter), self.decide, at=at, takes=takes)
        elif letter.standing == Standing.DRAFT:
            takes = minutes(life.rng, company.habits.writing)
            company.by_person(life, ticket, self.submit, person=ticket.who_replies, at=at, takes=takes)
        else:
            permitted_from = gate.decide(ticket.matter, at=at).permitted_from
            takes = minutes(life.rng, company.habits.posting)
            company.by_person(
                life, ticket, self.send, person=ticket.who_replies, at=max(at, permitted_from), takes=takes
            )
        return True

    def submit(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """Put it up for approval, revised where it was refused; what the check finds wrong is answered by phone."""
        letter = self._letter(life)
        if letter is not None and letter.standing == Standing.DRAFT and ticket.state == State.REPLYING:
            if life.spare_turns.get(REFUSED) == letter.number:
                drafting.revise(letter, wording=_with_more(letter), seen=letter.number, by=who, at=at)
            try:
                approving.submit(letter, by=who, at=at)
            except Malformed as refusal:
                self.company.refused[refusal.code] += 1
                drafting.withdraw(letter, by=who, at=at)
        self.company.go_on(life, self.company.read(life), at=at)

    def decide(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """Agree, or refuse the first version and say what is missing."""
        letter = self._letter(life)
        if letter is not None and letter.standing == Standing.IN_APPROVAL:
            refuses = REFUSED not in life.spare_turns and life.rng.random() < self.company.habits.letter_refused
            if refuses:
                life.spare_turns[REFUSED] = letter.number
            approving.decide(letter, approves=not refuses, note=WANTED if refuses else "", by=who, at=at)
        self.company.go_on(life, self.company.read(life), at=at)

    def send(self, life: Life, ticket: Ticket, who: Person, at: datetime) -> None:
        """Post it, or have the e-mail leave: that is the reply."""
        letter = self._letter(life)
        if letter is not None and letter.standing == Standing.APPROVED and ticket.state == State.REPLYING:
            sending.send(letter, by=who, at=at)
        self.company.go_on(life, self.company.read(life), at=at)

    def _letter(self, life: Life) -> Letter | None:
        """The letter in the making, if there is one; asked for only in a life that has had one."""
        pk = life.spare_turns.get(LETTER)
        return Letter.objects.open().select_related("unit").filter(pk=pk).first() if pk is not None else None


def nearest_deciders(company: Company, letter: Letter) -> list[Worker]:
    """Whom a letter awaits; nobody who wrote at it."""
    authors = frozenset(letter.versions.values_list("written_by", flat=True)) | {letter.submitted_by_id or 0}
    return nearest(company, DECIDERS[letter.awaits], letter.unit, but=authors)


def _with_more(letter: Letter) -> Wording:
    words = letter.get_current()
    more = ADDED[Language(letter.language)][1]
    return Wording(words.addressee, words.address, words.subject, f"{words.body}\n\n{more}")
