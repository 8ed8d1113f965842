"""The report on the desk: every number opens exactly the tickets behind it, says as of when, and is exported."""

import csv
import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from desk.reports import plot_of
from figures import sheets
from figures.catalogue import FIGURES
from figures.counting import Line
from figures.periods import Grain, Period
from figures.sheets import Table
from tests.figures.conftest import THE_YEAR
from tests.people import MONDAY_TEN, a_ticket, person

LONG = {"grain": "month", "since": "2015-01-01", "last": "2016-06-30"}


def browser_of(username: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(username), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def lins(db):
    with time_machine.travel(MONDAY_TEN, tick=False):
        yield browser_of("lin")


def page(browser: Client, address: str, **asked: str) -> str:
    answer = browser.get(address, asked)
    assert answer.status_code == 200
    return answer.content.decode()


def numbers(text: str) -> list[tuple[str, int]]:
    """Every number that leads somewhere, with where."""
    plain = re.findall(r'<a href="(/figures/[^"]+/tickets/[^"]+)">(\d+)</a>', text)
    tall = re.findall(r'<a class="figure[^"]*" href="([^"]+)">.*?class="value">(\d+)<', text, re.S)
    return [(unescape(url), int(number)) for url, number in [*plain, *tall]]


def lines_behind(browser: Client, url: str) -> int:
    """How many lines the list has, on all its pages."""
    first = page(browser, url)
    pages = re.search(r"page 1 of (\d+)", first)
    texts = [first, *(page(browser, f"{url}&page={number}") for number in range(2, int(pages[1]) + 1 if pages else 2))]
    return sum(len(re.findall(r'<a class="row"[^>]* href="/tickets/T-', text)) for text in texts)


@pytest.mark.long
@pytest.mark.extended
@pytest.mark.django_db
def test_every_number_of_the_report_opens_exactly_its_tickets(played):
    with time_machine.travel(played, tick=False):
        lin = browser_of("lin")
        found = numbers(page(lin, reverse("desk:figures"), all=1, **LONG))

        assert len(found) > 30
        for url, number in found:
            assert lines_behind(lin, url) == number, url


@pytest.mark.long
@pytest.mark.extended
@pytest.mark.django_db
@pytest.mark.parametrize(
    ("key", "by"),
    [("timely_handle", "person"), ("on_site", "category"), ("first_feedback", "unit"), ("returned", "medium")],
)
def test_every_number_of_one_figure_opens_exactly_its_tickets(played, key, by):
    with time_machine.travel(played, tick=False):
        lin = browser_of("lin")
        found = numbers(page(lin, reverse("desk:figure", args=[key]), by=by, **LONG))

        assert len(found) > 4
        for url, number in found:
            assert lines_behind(lin, url) == number, url


def test_the_report_says_as_of_when(lins):
    assert "as of 2026-03-02 10:00:00" in page(lins, reverse("desk:figures"))
    assert "as of 2026-03-02 10:00:00" in page(lins, reverse("desk:figure", args=["on_site"]))


def test_a_period_that_ends_before_it_begins_is_refused_and_what_was_typed_stays(lins):
    answer = lins.get(reverse("desk:figures"), {"since": "2026-03-02", "last": "2026-02-01", "grain": "day"})

    assert answer.status_code == 400
    assert "ends before it begins" in answer.content.decode()
    assert 'value="2026-02-01"' in answer.content.decode()


@pytest.mark.parametrize(
    "asked",
    [
        {"since": "0001-01-01", "last": "9999-12-31", "grain": "day"},
        {"since": "yesterday"},
        {"grain": "hour"},
        {"by": "customer"},
    ],
)
def test_nonsense_is_refused_in_words(lins, asked):
    for address in (reverse("desk:figures"), reverse("desk:figure", args=["timely_reply"])):
        assert lins.get(address, asked).status_code == 400


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"part": "accepted"},
        {"part": "nothing", "since": "2026-03-01", "last": "2026-03-02"},
        {"part": "accepted", "since": "2026-03-01", "last": "9999-12-31"},
        {"part": "accepted", "since": "2026-03-01", "last": "2026-03-02", "by": "unit", "group": "x"},
        {"part": "accepted", "since": "2026-03-01", "last": "2026-03-02", "by": "medium", "group": "pigeon"},
        {"part": "accepted", "since": "2026-03-01", "last": "2026-03-02", "by": "category", "group": "'; drop"},
    ],
)
def test_a_number_that_there_is_not_opens_nothing(lins, asked):
    assert lins.get(reverse("desk:figure_tickets", args=["on_site"]), asked).status_code == 404


def test_a_figure_that_there_is_not_is_not_found(lins):
    assert lins.get(reverse("desk:figure", args=["happiness"])).status_code == 404
    assert lins.get(reverse("desk:figures"), {"export": "exe"}).status_code == 404


def test_a_sheet_comes_as_csv_and_as_a_workbook_with_the_same_numbers(lins):
    a_ticket(at=MONDAY_TEN)
    address = reverse("desk:figure", args=["on_site"])

    text = lins.get(address, {"export": "csv", "of": "time", "grain": "day"})
    book = lins.get(address, {"export": "xlsx", "of": "time", "grain": "day"})

    rows = list(csv.reader(io.StringIO(text.content.decode("utf-8-sig"))))
    assert rows[0] == ["on-site resolution"]
    assert ["as of 2026-03-02 10:00:00"] in rows
    assert rows[-1] == ["all", "0", "1", "0.0"]
    inside = zipfile.ZipFile(io.BytesIO(book.content))
    assert "on-site resolution" in inside.read("xl/sharedStrings.xml").decode()
    assert text["Content-Disposition"] == 'attachment; filename="on_site.csv"'


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1", "\r=1"])
def test_x9_no_cell_of_a_sheet_is_a_formula(cell):
    table = Table("t", [], ["name"], [[cell, -1]])

    text = list(csv.reader(io.StringIO(sheets.as_csv(table).decode("utf-8-sig"))))[-1][0]
    book = zipfile.ZipFile(io.BytesIO(sheets.as_xlsx(table)))

    assert text.startswith("'")
    assert b"<f>" not in book.read("xl/worksheets/sheet1.xml")


def test_the_plot_keeps_every_bar_within_its_scale():
    lines = [
        Line(name=str(share), key="", period=part, numbers={}, share=share)
        for share, part in zip([0.0, 7.5, None, 100.0], THE_YEAR.parts(), strict=False)
    ]

    plot = plot_of(lines, target=90)

    assert [bar.is_empty for bar in plot.bars] == [False, False, True, False]
    assert all(bar.y >= 0 and bar.y + bar.height == pytest.approx(plot.bottom) for bar in plot.bars)
    assert plot.bars[3].height > plot.bars[1].height > plot.bars[0].height == 0
    assert plot.target is not None


def test_a_period_falls_into_whole_parts_and_its_cut_off_ends():
    period = Period.ending_with(MONDAY_TEN.date(), grain=Grain.WEEK, parts=3)
    cut = Period(period.since + timedelta(days=2), period.until, Grain.WEEK)

    assert [part.since.weekday() for part in period.parts()] == [0, 0, 0]
    assert len(list(cut.parts())) == 3
    assert next(cut.parts()).until == period.since + timedelta(days=7)


def test_every_figure_has_what_its_share_is_made_of():
    for key, figure in FIGURES.items():
        assert key == figure.key
        assert figure.is_standing or {figure.hit, figure.whole} <= set(figure.parts)


def test_the_overview_comes_before_its_shares_are_counted_and_each_part_brings_its_own(lins):
    text = page(lins, reverse("desk:figures"))

    parts = [unescape(query) for query in re.findall(r'<tbody hx-get="([^"]+)"', text)]
    brought = [key for query in parts for key in figures_of(page(lins, f"{reverse('desk:figures')}{query}"))]
    assert numbers(text.split("<table")[1].split("</table>")[0]) == []
    assert brought == figures_of(text) == figures_of(page(lins, reverse("desk:figures"), all=1))


def test_parts_of_the_overview_that_no_figure_has_are_not_found(lins):
    assert lins.get(reverse("desk:figures"), {"of": "on_site,made_up"}).status_code == 404


def figures_of(text: str) -> list[str]:
    """The figures of an overview's lines."""
    return re.findall(r'<a class="row" href="/figures/(\w+)/', text)
