"""Taking in tickets from any CSV: as a whole or not at all, each bad line named, repeatable, inert."""

import csv
import gzip
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from common.text import inert
from complaints.models import Category, Ticket
from customers.models import Customer
from demo.importing import mapping, reading
from demo.records import SHIPPED
from tests.people import ORDINARY

pytestmark = pytest.mark.django_db

SHIPPED_MAP = SHIPPED.parent / "comcast_map.toml"
HEADER = "Id,Phone,Name,What,Kind,Via,Raised,Month,Item,Amount"
MAP = f"""
[columns]
external_id = "Id"
number = "Phone"
name = "Name"
happened = "What"
category = "Kind"
medium = "Via"
raised_at = "Raised"

[moment]
format = "%d.%m.%Y %H:%M"
zone = "Asia/Shanghai"

[record]
month = "Month"
item = "Item"
amount = "Amount"

[values.category]
"fee" = "{ORDINARY}"
"rate" = "billing.charges.wrong-rate"

[values.medium]
"hotline" = "phone"
"internet" = "web"

[defaults]
medium = "letter"
"""


def moment(days_ago: int = 1, hour: int = 10) -> str:
    """A recent moment as the file writes it."""
    day = timezone.localtime() - timedelta(days=days_ago)
    return f"{day:%d.%m.%Y} {hour:02}:00"


def row(number: int, **changes: str) -> str:
    """A good line, with some cells changed."""
    cells = {
        "Id": f"A-{number}",
        "Phone": f"1205555{number:04}",
        "Name": "Ines",
        "What": f"The bill is wrong, {number}.",
        "Kind": "fee",
        "Via": "hotline",
        "Raised": moment(),
        "Month": "2026-02",
        "Item": "monthly fee",
        "Amount": "12",
    } | changes
    out = StringIO()
    csv.writer(out, lineterminator="").writerow(cells.values())
    return out.getvalue()


class Office:
    """A folder with a map, and files put beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.map = folder / "map.toml"
        self.map.write_text(MAP, encoding="utf-8")
        self.rejects = folder / "rejects.csv"

    def file(self, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
        path = self.folder / "tickets.csv"
        path.write_bytes("\n".join([header, *rows, ""]).encode(encoding))
        return path

    def take_in(self, path: Path, **options) -> tuple[str, str]:
        out, err = StringIO(), StringIO()
        try:
            call_command("import_tickets", path, **{"map": self.map} | options, stdout=out, stderr=err)
        except CommandError as refused:
            refused.named = err.getvalue().splitlines()
            raise
        return out.getvalue().strip(), err.getvalue()

    def refused(self, path: Path, **options) -> list[str]:
        """The problems that were named, nothing having been taken in."""
        with pytest.raises(CommandError) as refused:
            self.take_in(path, **options)
        assert not Ticket.objects.exists()
        return refused.value.named or [str(refused.value)]


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


# Good lines


def test_each_line_is_accepted_as_it_stands(office):
    told, _problems = office.take_in(office.file(row(1), row(2, Kind="RATE", Via="Internet", Raised=moment(2, 22))))

    first, second = Ticket.objects.order_by("pk")
    assert told == "2 taken in, 0 here already, 0 bad lines left out"
    assert (first.external_id, first.customer.number, first.customer.name) == ("A-1", "12055550001", "Ines")
    assert (first.happened, first.category.code, first.medium) == ("The bill is wrong, 1.", ORDINARY, "phone")
    assert first.record == {"month": "2026-02", "item": "monthly fee", "amount": "12"}
    assert (second.category.code, second.medium) == ("billing.charges.wrong-rate", "web")
    assert f"{timezone.localtime(second.raised_at):%d.%m.%Y %H:%M}" == moment(2, 22)


def test_what_is_taken_in_is_owned_by_the_service_desk_and_says_where_it_comes_from(office):
    office.take_in(office.file(row(1)), unit="east-city-counter")

    ticket = Ticket.objects.get()
    entry = ticket.entries.get(kind="accepted")
    assert (ticket.owner, ticket.accepting_unit.code) == (None, "acceptance")
    assert (entry.origin, entry.by) == ("import", None)
    assert ticket.accepted_at - ticket.raised_at > timedelta(hours=1)


def test_an_empty_cell_takes_the_default_and_an_empty_line_is_nothing(office):
    told, _problems = office.take_in(office.file(row(1, Via=""), "", row(2, Raised="")))

    first, second = Ticket.objects.order_by("pk")
    assert told.startswith("2 taken in")
    assert first.medium == "letter"
    assert second.raised_at == second.accepted_at


def test_taking_in_the_same_file_again_changes_nothing(office):
    path = office.file(row(1), row(2))
    office.take_in(path)
    before = list(Ticket.objects.values_list("pk", "version"))

    told, _problems = office.take_in(office.file(row(1, What="Another text."), row(2), row(3)))

    assert told == "1 taken in, 2 here already, 0 bad lines left out"
    assert list(Ticket.objects.order_by("-pk").values_list("pk", "version"))[-2:] == before
    assert Ticket.objects.get(external_id="A-1").happened == "The bill is wrong, 1."


def test_a_dry_run_tries_everything_and_changes_nothing(office):
    told, _problems = office.take_in(office.file(row(1), row(2)), dry_run=True)

    assert told == "2 would be taken in, 0 here already, 0 bad lines left out"
    assert not Ticket.objects.exists()
    assert not Customer.objects.filter(number__startswith="1205555").exists()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_are_read_in_their_encoding_with_or_without_a_byte_order_mark(encoding, office):
    path = office.file(row(1, What="宽带频繁掉线，账单有误。"), encoding=encoding)

    office.take_in(path, encoding="gb18030" if encoding == "gb18030" else "")

    assert Ticket.objects.get().happened == "宽带频繁掉线，账单有误。"


def test_compressed_files_and_other_delimiters_are_read(office):
    path = office.file(row(1))
    packed = path.with_name("tickets.bin")
    packed.write_bytes(gzip.compress(path.read_text().replace(",", ";").encode()))
    office.map.write_text(MAP + '\n[file]\ndelimiter = ";"\n')

    office.take_in(packed)

    assert Ticket.objects.get().external_id == "A-1"


def test_cells_with_line_breaks_and_quotes_stay_whole_and_lines_are_counted_in_the_file(office):
    text = 'She said:\n"the bill"\nis wrong.'

    named = office.refused(office.file(row(1, What=text), row(2, Kind="nonsense")))
    office.take_in(office.file(row(1, What=text)))

    assert named == ["line 5, column 'Kind': 'nonsense' stands in no table of the map"]
    assert Ticket.objects.get().happened == text


# Bad lines


BAD_LINES = {
    "no id": ({"Id": " "}, "Id"),
    "an id that is too long": ({"Id": "x" * 121}, "Id"),
    "no number": ({"Phone": ""}, "Phone"),
    "a number that is none": ({"Phone": "?"}, "Phone"),
    "a name that is too long": ({"Name": "x" * 121}, "Name"),
    "no text": ({"What": ""}, "What"),
    "a text that is too long": ({"What": "x" * 10_001}, "What"),
    "a control character": ({"What": "before\x00after"}, "What"),
    "a control character in the id": ({"Id": "A\x00"}, "Id"),
    "an unknown category": ({"Kind": "moonlight"}, "Kind"),
    "no category": ({"Kind": ""}, "Kind"),
    "an unknown medium": ({"Via": "pigeon"}, "Via"),
    "a moment of another form": ({"Raised": "2026-03-02"}, "Raised"),
    "a day that does not exist": ({"Raised": "30.02.2026 10:00"}, "Raised"),
    "the future": ({"Raised": "01.01.2999 10:00"}, "Raised"),
    "the distant past": ({"Raised": "01.01.1999 10:00"}, "Raised"),
    "a missing field of the record": ({"Month": ""}, "Month"),
    "an amount that is no number": ({"Amount": "NaN"}, "Amount"),
}


@pytest.mark.parametrize("fault", BAD_LINES)
def test_a_bad_line_is_named_by_line_and_column_and_nothing_is_taken_in(fault, office):
    changes, column = BAD_LINES[fault]

    (named,) = office.refused(office.file(row(1), row(2, **changes), row(3)))

    assert named.startswith(f"line 3, column '{column}': ")


def test_all_bad_lines_and_all_that_is_wrong_with_each_are_named(office):
    named = office.refused(office.file(row(1, Month="", Amount="x"), row(2), row(3, Kind="x")))

    assert [line.partition(": ")[0] for line in named] == [
        "line 2, column 'Month'",
        "line 2, column 'Amount'",
        "line 4, column 'Kind'",
    ]


def test_an_id_that_stands_twice_is_named_with_where_it_stood_first(office):
    (named,) = office.refused(office.file(row(1), row(2), row(3, Id="A-1")))

    assert named == "line 4, column 'Id': stands in line 2 already"


def test_a_second_open_matter_of_a_customer_needs_a_reason(office):
    (named,) = office.refused(office.file(row(1), row(2, Phone="12055550001")))

    assert named.startswith("line 3: The customer has an open ticket in this category")


def test_a_line_with_too_many_or_too_few_cells_is_named(office):
    named = office.refused(office.file(row(1) + ",more", "A-2,12055550002", row(3)))

    assert named == ["line 2: has 11 cells, the header has 10", "line 3: has 2 cells, the header has 10"]


def test_broken_encoding_is_named_by_its_cell(office):
    path = office.file(row(1), row(2, What="caf\xe9"), row(3))
    path.write_bytes(path.read_bytes().replace("\xe9".encode(), b"\xe9"))

    named = office.refused(path)

    assert named == ["line 3, column 'What': holds bytes that are not utf-8 text"]


def test_a_file_in_another_encoding_is_refused_cell_by_cell(office):
    named = office.refused(office.file(row(1, What="账单有误"), encoding="gb18030"))

    assert named == ["line 2, column 'What': holds bytes that are not utf-8 text"]


def test_a_record_that_is_no_csv_is_named_and_the_rest_is_read(office):
    told, problems = office.take_in(office.file('A-1,"12"055,x', row(2)), skip_bad=True, rejects=office.rejects)

    assert told == "1 taken in, 0 here already, 1 bad lines left out"
    assert problems.startswith("line 2: is no CSV record")


# Leaving bad lines out


def test_bad_lines_are_left_out_into_a_file_of_their_own(office):
    path = office.file(row(1), row(2, Kind="moonlight", Name='=HYPERLINK("http://x")'), row(3))

    told, problems = office.take_in(path, skip_bad=True, rejects=office.rejects)

    assert told == "2 taken in, 0 here already, 1 bad lines left out"
    assert problems.startswith("line 3, column 'Kind'")
    (reject,) = csv.DictReader(office.rejects.read_text(encoding="utf-8-sig").splitlines())
    assert (reject["line"], reject["column"]) == ("3", "Kind")
    assert reject["reason"] == "'moonlight' stands in no table of the map"
    assert (reject["Id"], reject["Name"]) == ("A-2", '\'=HYPERLINK("http://x")')


def test_a_customer_of_a_bad_line_is_not_left_behind(office):
    office.take_in(office.file(row(1), row(2, Amount="NaN")), skip_bad=True, rejects=office.rejects)

    assert not Customer.objects.filter(number="12055550002").exists()


def test_the_rejects_mended_can_be_taken_in_afterwards(office):
    office.take_in(office.file(row(1), row(2, Kind="moonlight")), skip_bad=True, rejects=office.rejects)
    mended = office.folder / "mended.csv"
    mended.write_text(office.rejects.read_text(encoding="utf-8-sig").replace("moonlight", "fee"), encoding="utf-8")

    told, _problems = office.take_in(mended)

    assert told == "1 taken in, 0 here already, 0 bad lines left out"
    assert Ticket.objects.count() == 2


def test_rejects_that_cannot_be_written_undo_the_whole(office):
    nowhere = office.folder / "no such folder" / "rejects.csv"

    office.refused(office.file(row(1), row(2, Kind="x")), skip_bad=True, rejects=nowhere)


def test_rejects_are_for_their_owner_only(office):
    office.take_in(office.file(row(1, Kind="x")), skip_bad=True, rejects=office.rejects)

    assert office.rejects.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("options", [{"skip_bad": True}, {"rejects": "rejects.csv"}])
def test_leaving_out_and_a_place_for_what_is_left_out_go_together(options, office):
    (told,) = office.refused(office.file(row(1)), **options)

    assert "go together" in told


# Formulas


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "  =1+1", "＝1+1", "\u3000@x", "\t=1"])
def test_what_looks_like_a_formula_is_stored_as_it_was_said(text, office):
    office.take_in(office.file(row(1, What=text)))

    assert Ticket.objects.get().happened == text.strip()
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "1+1", "a=b", "The bill", "账单"])
def test_other_cells_stay_as_they_are(text):
    assert inert(text) == text


# Maps and files that cannot be used


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("no toml", "map.toml"),
        ('[columns]\nnumber = "Phone"', "lacks external_id, happened, category"),
        (MAP.replace('name = "Name"', 'nmae = "Name"'), "nmae"),
        (MAP.replace('name = "Name"', "name = 5"), "name is to name a column"),
        (MAP.replace('name = "Name"', 'name = { column = "Name" }'), "column"),
        (MAP.replace("Asia/Shanghai", "Asia/Nowhere"), "'Asia/Nowhere' is no time zone"),
        (MAP + '\n[file]\nencoding = "klingon"', "'klingon' is no encoding"),
        (MAP + '\n[file]\ndelimiter = "ab"', "one character"),
        (MAP + "\n[surprise]\n", "surprise"),
        ("values = 5\n" + MAP.replace("[values.category]", "[v]").replace("[values.medium]", "[w]"), "known are"),
        (MAP.replace('number = "Phone"', 'number = "Telephone"'), "line 1 lacks the column 'Telephone'"),
    ],
)
def test_a_map_that_does_not_fit_says_why(text, told, office):
    office.map.write_text(text)

    (refused,) = office.refused(office.file(row(1)))

    assert told in refused


def test_a_file_that_is_not_there_is_empty_or_is_damaged_says_so(office):
    path = office.file(row(1))
    damaged = path.with_name("damaged.csv.gz")
    damaged.write_bytes(gzip.compress(path.read_bytes())[:-20])
    empty = path.with_name("empty.csv")
    empty.touch()

    for bad in (path.with_name("nowhere.csv"), damaged, empty, office.folder):
        (told,) = office.refused(bad)
        assert "\n" not in told


def test_an_unknown_unit_says_so(office):
    (told,) = office.refused(office.file(row(1)), unit="moon-base")

    assert told == "there is no unit 'moon-base'"


# The shipped file


def test_the_shipped_map_understands_every_line_of_the_shipped_file():
    meaning = mapping.load(SHIPPED_MAP)
    table = reading.read(SHIPPED, meaning)
    codes = set(Category.objects.choosable().values_list("code", flat=True))

    read = [
        (meaning.read("category", line.cells), meaning.read("medium", line.cells), meaning.read("number", line.cells))
        for line in table.lines
    ]

    assert len(table.lines) == 2224
    assert not [line for line in table.lines if line.problems]
    assert {code for code, _medium, _number in read} <= codes
    assert len({meaning.read("external_id", line.cells) for line in table.lines}) == 2224


def test_lines_of_the_shipped_file_are_taken_in(office):
    with gzip.open(SHIPPED, "rt", encoding="utf-8-sig", newline="") as shipped:
        lines = shipped.readlines()
    some = office.folder / "some.csv"
    some.write_text("".join([lines[0], *lines[1::50]]), encoding="utf-8-sig", newline="")

    told, problems = office.take_in(some, map=SHIPPED_MAP)

    assert (told, problems) == ("45 taken in, 0 here already, 0 bad lines left out", "")
    assert Ticket.objects.filter(category__code="service.overall.other").exists()
