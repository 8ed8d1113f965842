"""Customers by import: a whole file or nothing, each bad cell named (R14)."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person, Role
from customers.imports import BadFile, read_customers
from customers.models import Brand, Customer, Tier
from tests.people import MONDAY_NINE, a_customer, unit

pytestmark = pytest.mark.django_db

GOOD = """number,name,brand,tier,manager,branch,address,language,identity_number
10400000001,王芳,gotone,vip,guanlei,east-city,人民路 1 号,zh-hans,110000
"+86 104-0000-0002","Li ""Lee"" Ming",,,,,"two
lines",en,
"""


@pytest.fixture
def file(tmp_path):
    """Writes a file and gives its path."""

    def write(text, encoding="utf-8"):
        path = tmp_path / "customers.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def bad(text):
    with pytest.raises(BadFile) as refusal:
        read_customers(text.encode())
    return [(cell.line, cell.column) for cell in refusal.value.cells]


def test_customers_are_taken_in_with_their_facts(file):
    manager = Person.objects.filter(assignments__role=Role.CUSTOMER_MANAGER).order_by("pk").first()

    call_command("import_customers", file(GOOD.replace("guanlei", manager.username)), "--as-of=2026-03-02T09:00+08:00")

    first, second = Customer.objects.order_by("number")
    assert (first.name, first.brand, first.tier, first.manager) == ("王芳", Brand.GOTONE, Tier.VIP, manager)
    assert (first.branch, first.address, first.facts_as_of) == (unit("east-city"), "人民路 1 号", MONDAY_NINE)
    assert (second.number, second.name, second.tier) == ("10400000002", 'Li "Lee" Ming', Tier.ORDINARY)


def test_importing_again_updates_by_number_and_keeps_what_has_no_column(file):
    a_customer("10400000001", name="old", tier=Tier.VIP, address="kept")

    call_command("import_customers", file("number,name\n10400000001,new\n"))

    customer = Customer.objects.get()
    assert (customer.name, customer.tier, customer.address) == ("new", Tier.VIP, "kept")


def test_an_empty_cell_empties_a_text_and_leaves_a_tier(file):
    a_customer("10400000001", name="old", tier=Tier.VIP, address="somewhere")

    call_command("import_customers", file("number,tier,address\n10400000001,,\n"))

    customer = Customer.objects.get()
    assert (customer.tier, customer.address, customer.name) == (Tier.VIP, "", "old")


def test_one_bad_row_and_nothing_is_taken_in(file):
    path = file("number,tier\n10400000001,vip\n10400000002,platinum\n")

    with pytest.raises(CommandError) as refusal:
        call_command("import_customers", path)

    assert "line 3, tier: " in str(refusal.value)
    assert "Nothing was taken in." in str(refusal.value)
    assert not Customer.objects.exists()


def test_every_bad_cell_is_named_with_its_line_and_column():
    told = bad(
        "number,name,tier,branch,manager\n"
        "10400000001,fine,vip,,\n"
        '10400000002,"two\nlines",platinum,nowhere,nobody\n'
        "10400000001,twice,,,\n"
        ",nameless,,,\n"
        "10400000005,too,few\n"
        f"10400000006,{'x' * 121},,,\n"
        "10400000007,a\x07b,,,\n"
    )

    assert told == [
        (3, "tier"),
        (3, "branch"),
        (3, "manager"),
        (5, "number"),
        (6, "number"),
        (7, ""),
        (8, "name"),
        (9, "name"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", [(1, "number")]),
        ("name\nInes\n", [(1, "number")]),
        ("number,nmae\n1,2\n", [(1, "nmae")]),
        ("number,number\n104,104\n", [(1, "number")]),
        ('number,name\n10400000001,"never closed\n', [(2, "")]),
    ],
)
def test_a_file_that_is_no_table_of_customers_is_refused(text, told):
    assert bad(text) == told


def test_text_in_another_encoding_is_refused_with_its_line_and_read_when_named(file):
    text = "number,name\n10400000001,Ines\n10400000002,王芳\n"

    with pytest.raises(CommandError, match="line 3"):
        call_command("import_customers", file(text, "gb18030"))
    call_command("import_customers", file(text, "gb18030"), "--encoding=gb18030")

    assert Customer.objects.get(number="10400000002").name == "王芳"


def test_a_byte_order_mark_and_empty_lines_are_passed_by(file):
    call_command("import_customers", file("\ufeffnumber,name\r\n\r\n10400000001,Ines\r\n,\r\n"))

    assert Customer.objects.get().name == "Ines"


def test_a_cell_like_a_formula_is_kept_as_text(file):
    call_command("import_customers", file('number,name\n10400000001,"=1+1"\n'))

    assert Customer.objects.get().name == "=1+1"


@pytest.mark.parametrize("options", [["--encoding=klingon"], ["--as-of=yesterday"], ["--as-of=2026-03-02T09:00"]])
def test_an_option_that_means_nothing_is_refused(file, options):
    with pytest.raises(CommandError):
        call_command("import_customers", file("number\n10400000001\n"), *options)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_customers", tmp_path / "missing.csv")


def test_a_thousand_customers_take_few_queries(file):
    rows = "\n".join(f"104{number:08d},Ines" for number in range(1000))

    with CaptureQueriesContext(connection) as queries:
        call_command("import_customers", file(f"number,name\n{rows}\n"))

    assert Customer.objects.count() == 1000
    assert len(queries) < 10
