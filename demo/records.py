"""The telecom complaints that the demonstration plays: read one by one, repaired, and put in order of time.

`data/PROVENANCE.md` says where the file comes from and what is wrong with it.
"""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO, cast
from zoneinfo import ZoneInfo

SHIPPED = Path(__file__).parent / "data" / "comcast_fcc_complaints_2015.csv.gz"

CENTRE_TIME = ZoneInfo("Asia/Shanghai")
FIRST_DAY = date(2015, 4, 1)
LAST_DAY = date(2015, 6, 30)
LAST_DAY_TAKEN_FOR_A_MONTH = 12

NUMBER = "Ticket #"
TEXT = "Customer Complaint"
DATE = "Date"
NAMED_DATE = "Date_month_year"
TIME = "Time"
RECEIVED_VIA = "Received Via"
CITY = "City"
STATE = "State"
ZIP = "Zip code"
STATUS = "Status"
ON_BEHALF = "Filing on Behalf of Someone"
COLUMNS = [NUMBER, TEXT, DATE, NAMED_DATE, TIME, RECEIVED_VIA, CITY, STATE, ZIP, STATUS, ON_BEHALF]

SMALL_WORDS = {"of", "the", "and"}
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
GZIP_MAGIC = b"\x1f\x8b"


class BadRecord(ValueError):
    """A line that cannot be read as a complaint; it names line, column (where one is to blame) and reason."""

    def __init__(self, *, line: int, reason: str, column: str = "") -> None:
        where = f"line {line}, column '{column}'" if column else f"line {line}"
        super().__init__(f"{where}: {reason}")
        self.line = line
        self.column = column
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Complaint:
    """One complaint, as if it had been put to our own centre.

    `raised_at` is the wall-clock time of the record taken for the centre's own; `medium` is phone, web or app.
    """

    number: str
    text: str
    raised_at: datetime
    medium: str
    city: str
    state: str
    zip: str
    on_behalf: bool
    source_status: str


@dataclass(slots=True)
class Repairs:
    """How often each repair was made; `dates_corrected` leaves out the swaps of a day and a month that are equal."""

    rows: int = 0
    byte_order_marks: int = 0
    carriage_returns: int = 0
    days_and_months_swapped: int = 0
    dates_corrected: int = 0
    numbers_made_up: int = 0
    zips_padded: int = 0
    cities_recased: int = 0
    states_recased: int = 0


def load(path: Path = SHIPPED) -> tuple[list[Complaint], Repairs]:
    """All complaints of a file in order of time, and what had to be repaired; raises `BadRecord`."""
    repairs = Repairs()
    complaints = sorted(read(path, repairs), key=lambda complaint: (complaint.raised_at, complaint.number))
    return complaints, repairs


def read(path: Path, repairs: Repairs) -> Iterator[Complaint]:
    """The complaints of a CSV file, plain or compressed, in the file's own order; counts into `repairs` as it goes.

    Raises `BadRecord` at the first line that cannot be read, `OSError` where the file cannot be opened.
    """
    seen: dict[str, int] = {}
    with _opened(path) as stream:
        for line, cells in _rows(stream, repairs):
            row = _Row(line, cells, repairs)
            complaint = row.as_complaint()
            if complaint.number in seen:
                raise row.bad(NUMBER, f"{complaint.number} stands in line {seen[complaint.number]} already")
            seen[complaint.number] = line
            repairs.rows += 1
            yield complaint


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes, unpacked if they are packed, whatever the file is called."""
    with open(path, "rb") as raw:
        packed = raw.read(len(GZIP_MAGIC)) == GZIP_MAGIC
        raw.seek(0)
        if not packed:
            yield raw
            return
        with gzip.open(raw) as unpacked:
            yield cast(BinaryIO, unpacked)


def _lines(stream: BinaryIO, repairs: Repairs) -> Iterator[str]:
    """The decoded lines with plain ends; decoding line by line lets an error name its line."""
    number = 0
    try:
        for number, raw in enumerate(stream, start=1):
            if number == 1 and raw.startswith(BYTE_ORDER_MARK):
                raw = raw.removeprefix(BYTE_ORDER_MARK)
                repairs.byte_order_marks += 1
            if raw.endswith(b"\r\n"):
                raw = raw.removesuffix(b"\r\n") + b"\n"
                repairs.carriage_returns += 1
            yield raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadRecord(line=number, reason=f"is not UTF-8 text at byte {error.start + 1}") from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BadRecord(line=number + 1, reason=f"the compressed file is damaged from here ({error})") from error


def _rows(stream: BinaryIO, repairs: Repairs) -> Iterator[tuple[int, dict[str, str]]]:
    """Each record's first line and its cells by column; refuses a header or a number of cells other than expected."""
    reader = csv.reader(_lines(stream, repairs), strict=True)
    line = 1
    try:
        header = next(reader, [])
        if header != COLUMNS:
            missing = [column for column in COLUMNS if column not in header]
            reason = f"lacks {', '.join(missing)}" if missing else "has other columns or another order than expected"
            raise BadRecord(line=line, reason=f"the header {reason}")
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) != len(COLUMNS):
                raise BadRecord(line=line, reason=f"has {len(cells)} cells, {len(COLUMNS)} are expected")
            yield line, dict(zip(COLUMNS, cells, strict=True))
            line = reader.line_num + 1
    except csv.Error as error:
        raise BadRecord(line=line, reason=f"is not a CSV record ({error})") from error


@dataclass(slots=True)
class _Row:
    """One record of the file, and where to count what is mended in it."""

    line: int
    cells: dict[str, str]
    repairs: Repairs

    def as_complaint(self) -> Complaint:
        """The record, repaired; raises `BadRecord`."""
        number = self.number()
        return Complaint(
            number=number,
            text=self.text(TEXT),
            raised_at=self.raised_at(),
            medium=self.medium(number),
            city=self.city(),
            state=self.state(),
            zip=self.zip(),
            on_behalf=self.one_of(ON_BEHALF, "No", "Yes") == "Yes",
            source_status=self.one_of(STATUS, "Open", "Pending", "Solved", "Closed").lower(),
        )

    def bad(self, column: str, reason: str) -> BadRecord:
        """A refusal of this record."""
        return BadRecord(line=self.line, column=column, reason=reason)

    def text(self, column: str) -> str:
        """The trimmed cell; refuses an empty one and control characters."""
        text = self.cells[column].strip()
        if not text:
            raise self.bad(column, "is empty")
        if CONTROL.search(text):
            raise self.bad(column, "holds a control character")
        return text

    def one_of(self, column: str, *values: str) -> str:
        """The cell, if it is one of the values."""
        text = self.text(column)
        if text not in values:
            raise self.bad(column, f"is '{text}', expected is one of {', '.join(values)}")
        return text

    def number(self) -> str:
        """The ticket's number; a cell that is none gets one made of its line, the same at every reading."""
        text = self.text(NUMBER)
        if text.isdecimal() and text.isascii():
            return text
        self.repairs.numbers_made_up += 1
        return f"unnumbered-{self.line}"

    def raised_at(self) -> datetime:
        """Day and time, with day and month put back in their places."""
        day = self.parsed(DATE, "%d-%m-%y").date()
        if day != self.parsed(NAMED_DATE, "%d-%b-%y").date():
            raise self.bad(NAMED_DATE, f"does not agree with column '{DATE}'")
        if day.day <= LAST_DAY_TAKEN_FOR_A_MONTH:
            self.repairs.days_and_months_swapped += 1
            self.repairs.dates_corrected += day.day != day.month
            day = day.replace(day=day.month, month=day.day)
        if not FIRST_DAY <= day <= LAST_DAY:
            raise self.bad(DATE, f"is {day} after repair, outside {FIRST_DAY} to {LAST_DAY}")
        return datetime.combine(day, self.parsed(TIME, "%I:%M:%S %p").time(), tzinfo=CENTRE_TIME)

    def parsed(self, column: str, form: str) -> datetime:
        """The cell read by a form of `strptime`."""
        text = self.text(column)
        try:
            return datetime.strptime(text, form).replace(tzinfo=CENTRE_TIME)
        except ValueError as error:
            raise self.bad(column, f"'{text}' is not a date or time of the form {form}") from error

    def medium(self, number: str) -> str:
        """By which medium it came; the source knows only 'Internet', so a checksum of the number parts web from app."""
        if self.one_of(RECEIVED_VIA, "Customer Care Call", "Internet") == "Customer Care Call":
            return "phone"
        return "app" if zlib.crc32(number.encode()) % 2 else "web"

    def zip(self) -> str:
        """Five digits; one lost leading zero is put back."""
        text = self.text(ZIP)
        if not (text.isdecimal() and text.isascii() and len(text) in (4, 5)):
            raise self.bad(ZIP, f"'{text}' is not a code of five digits, or four where a leading zero was lost")
        self.repairs.zips_padded += len(text) == 4
        return text.zfill(5)

    def city(self) -> str:
        """The city in the usual letter case."""
        text = self.text(CITY)
        self.repairs.cities_recased += text != recased(text)
        return recased(text)

    def state(self) -> str:
        """The state in the usual letter case."""
        text = self.text(STATE)
        self.repairs.states_recased += text != recased(text)
        return recased(text)


def recased(name: str) -> str:
    """A place name with a capital for each word but the small ones; a word of mixed case is left as it is."""
    words = name.split()
    for position, word in enumerate(words):
        if position and word.lower() in SMALL_WORDS:
            words[position] = word.lower()
        elif word.isupper() or word.islower():
            words[position] = word.capitalize()
    return " ".join(words)
