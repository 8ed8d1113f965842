"""`./dev manage try_policy CODE`: what a draft would do, before it is published (R2B)."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from calendars.months import month_of, months_from
from sla.actions.trying import OpenTrial, PastTrial, problems_of, try_on_open, try_on_past
from sla.models import Policy


class Command(BaseCommand):
    help = "Try a draft of a policy on open tickets and on a past month; it changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which draft, on what."""
        parser.add_argument("code", help="the policy's code; its latest draft is tried")
        parser.add_argument("--draft", type=int, help="the number of another version than the latest draft")
        parser.add_argument("--month", help="the past month, as 2026-02; by default the last full one")
        parser.add_argument("--at-most", type=int, help="look at no more than so many tickets, and clocks, the newest")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what the draft would do."""
        now = timezone.now()
        draft = self._draft(options["code"], options["draft"])
        since, until = self._month(options["month"], now)
        for problem in problems_of(draft, at=now):
            self.stdout.write(self.style.WARNING(problem))
        self._say_open(draft, try_on_open(draft, at=now, at_most=options["at_most"]))
        self._say_past(try_on_past(draft, since=since, until=until, at=now, at_most=options["at_most"]))

    def _draft(self, code: str, version: int | None) -> Policy:
        drafts = Policy.objects.filter(code=code, status=Policy.Status.DRAFT).with_selectors().order_by("-version")
        draft = (drafts.filter(version=version) if version else drafts).first()
        if draft is None:
            known = Policy.objects.filter(status=Policy.Status.DRAFT).order_by("code").values_list("code", flat=True)
            raise CommandError(
                _("There is no such draft. There are drafts of: %s.") % (", ".join(sorted(set(known))) or _("nothing"))
            )
        return draft

    def _month(self, month: str | None, now: datetime) -> tuple[datetime, datetime]:
        if month is None:
            first, _next = month_of(now)
            return months_from(first, -1), first
        try:
            begun = datetime.strptime(month, "%Y-%m").replace(tzinfo=ZoneInfo(settings.BUSINESS_TIME_ZONE))
        except ValueError as error:
            raise CommandError(_("Give the month as in 2026-02.")) from error
        return month_of(begun)

    def _say_open(self, draft: Policy, trial: OpenTrial) -> None:
        self.stdout.write(
            _("%(policy)s, for running clocks too: %(moved)d due times would move, %(breaches)d be missed at once.")
            % {"policy": draft, "moved": trial.moved, "breaches": trial.breaches}
        )
        self._say_cut_off(trial.is_cut_off)
        self._table(
            (_("unit"), _("earlier"), _("later"), _("no due"), _("missed at once")),
            [(line.unit, line.earlier, line.later, line.without_due, line.breaches) for line in trial.units],
        )

    def _say_past(self, trial: PastTrial) -> None:
        self.stdout.write(
            _("%(since)s to %(until)s: %(clocks)d clocks counted, %(concerned)d by the draft, %(apart)d apart.")
            % {
                "since": f"{timezone.localtime(trial.since):%Y-%m-%d}",
                "until": f"{timezone.localtime(trial.until):%Y-%m-%d}",
                "clocks": trial.whole.clocks,
                "concerned": trial.concerned,
                "apart": trial.apart,
            }
        )
        self._say_cut_off(trial.is_cut_off)
        lines = [*trial.units, trial.whole]
        self._table(
            (_("unit"), _("clocks"), _("met"), _("share"), _("would be met"), _("share")),
            [
                (
                    line.name or _("all"),
                    line.clocks,
                    line.old_met,
                    _percent(line.old_share),
                    line.new_met,
                    _percent(line.new_share),
                )
                for line in lines
            ],
        )

    def _say_cut_off(self, is_cut_off: bool) -> None:
        if is_cut_off:
            self.stdout.write(self.style.WARNING(_("There is more; only the newest were looked at.")))

    def _table(self, head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        written = [tuple(str(cell) for cell in row) for row in [head, *rows]]
        widths = [max(len(row[column]) for row in written) for column in range(len(head))]
        for row in written:
            first, *rest = [
                cell.ljust(width) if not column else cell.rjust(width)
                for column, (cell, width) in enumerate(zip(row, widths, strict=True))
            ]
            self.stdout.write("  ".join([first, *rest]))
        self.stdout.write("")


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.1f} %"
