"""The shipped complaints, as they are read, repaired, understood and given to made-up customers."""

import gzip
import hashlib
import random
import tomllib
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from statistics import correlation

import phonenumbers
import pytest

from demo import classify, people, records

ROOT = Path(__file__).parents[2]
HEADER = ",".join(records.COLUMNS)
LINE = "250635,Slow speeds,22-04-15,22-Apr-15,3:53:50 PM,Internet,Abingdon,Maryland,21009,Closed,No"
MANAGERS = {"east-city": "chenan", "west-city": "nihong", "south-city": "tengfei"}


@pytest.fixture(scope="module")
def loaded():
    return records.load()


@pytest.fixture(scope="module")
def complaints(loaded):
    return loaded[0]


@pytest.fixture(scope="module")
def leaves():
    categories = tomllib.loads((ROOT / "complaints/defaults/categories.toml").read_text("utf-8"))["category"]
    codes = {category["code"] for category in categories}
    return codes - {code.rpartition(".")[0] for code in codes}


def written(folder, *lines, end="\n", packed=False):
    content = end.join([HEADER, *lines, ""]).encode()
    path = folder / ("some.csv.gz" if packed else "some.csv")
    path.write_bytes(gzip.compress(content) if packed else content)
    return path


def ranks(values):
    """The place of each value among all of them; equal ones share the first of their places."""
    ordered = sorted(values)
    place = {value: position for position, value in reversed(list(enumerate(ordered)))}
    return [place[value] for value in values]


# As shipped


def test_the_file_is_shipped_byte_for_byte():
    unpacked = gzip.decompress(records.SHIPPED.read_bytes())

    assert hashlib.sha256(unpacked).hexdigest() == "504650fba65f44d895401ce6241f54f1801d3ebda109cbbc520cef90fe7152ce"
    assert hashlib.sha256(unpacked).hexdigest() in (records.SHIPPED.parent / "PROVENANCE.md").read_text("utf-8")


def test_every_repair_is_counted(loaded):
    complaints, repairs = loaded

    assert len(complaints) == 2224
    assert repairs == records.Repairs(
        rows=2224,
        byte_order_marks=1,
        carriage_returns=2225,
        days_and_months_swapped=609,
        dates_corrected=572,
        numbers_made_up=1,
        zips_padded=170,
        cities_recased=2,
        states_recased=17,
    )


def test_all_complaints_fall_into_the_three_months(complaints):
    days = [complaint.raised_at.date() for complaint in complaints]

    assert min(days) == date(2015, 4, 1)
    assert max(days) == date(2015, 6, 30)
    assert len(set(days)) == 91


def test_ticket_numbers_rise_with_time_once_the_dates_are_repaired(complaints):
    numbered = [complaint for complaint in complaints if complaint.number.isdecimal()]

    numbers = ranks([int(complaint.number) for complaint in numbered])
    moments = ranks([complaint.raised_at for complaint in numbered])

    assert len(numbered) == 2223
    assert correlation(numbers, moments) >= 0.999


def test_moments_are_the_wall_clock_of_the_centre(complaints):
    complaint = next(complaint for complaint in complaints if complaint.number == "250635")

    assert complaint.raised_at == datetime.fromisoformat("2015-04-22T15:53:50+08:00")
    assert {complaint.raised_at.utcoffset().total_seconds() for complaint in complaints} == {8 * 3600}


def test_complaints_come_in_order_of_time_with_numbers_of_their_own(complaints):
    assert complaints == sorted(complaints, key=lambda complaint: (complaint.raised_at, complaint.number))
    assert len({complaint.number for complaint in complaints}) == 2224


def test_the_number_that_is_none_is_replaced_by_its_line(complaints):
    (odd,) = [complaint for complaint in complaints if not complaint.number.isdecimal()]

    assert odd.number == "unnumbered-1036"
    assert odd.text == "nd intrenal miscommunication"


def test_no_field_is_empty_and_every_code_has_five_digits(complaints):
    assert all(complaint.text and complaint.city and complaint.state for complaint in complaints)
    assert all(len(complaint.zip) == 5 and complaint.zip.isdecimal() for complaint in complaints)
    assert Counter(complaint.on_behalf for complaint in complaints) == {False: 2021, True: 203}
    assert Counter(complaint.source_status for complaint in complaints) == {
        "solved": 973, "closed": 734, "open": 363, "pending": 154
    }  # fmt: skip


def test_internet_becomes_web_or_app_and_a_call_becomes_phone(complaints):
    media = Counter(complaint.medium for complaint in complaints)

    assert media["phone"] == 1119
    assert media["web"] + media["app"] == 1105
    assert min(media["web"], media["app"]) > 500


# As written by others


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_file_is_read_plain_or_packed_with_either_end_of_line(tmp_path, end, packed):
    complaints, _ = records.load(written(tmp_path, LINE, end=end, packed=packed))

    assert [complaint.number for complaint in complaints] == ["250635"]


def test_place_names_get_their_usual_letters(tmp_path):
    line = LINE.replace("Abingdon", "ISLE OF PALMS").replace("Maryland", "district of columbia")

    (complaint,), _ = records.load(written(tmp_path, line))

    assert (complaint.city, complaint.state) == ("Isle of Palms", "District of Columbia")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (LINE.replace("Slow speeds", " "), "line 2, column 'Customer Complaint': is empty"),
        (LINE.replace("Slow speeds", "Slow\0speeds"), "line 2, column 'Customer Complaint': holds a control character"),
        (LINE.replace("22-04-15", "31-04-15"), "line 2, column 'Date': '31-04-15' is not a date"),
        (LINE.replace("22-Apr-15", "23-Apr-15"), "line 2, column 'Date_month_year': does not agree"),
        (
            LINE.replace("22-04-15", "22-08-15").replace("Apr", "Aug"),
            "line 2, column 'Date': is 2015-08-22 after repair",
        ),
        (LINE.replace("3:53:50 PM", "15:53:50"), "line 2, column 'Time': '15:53:50' is not a date or time"),
        (LINE.replace("Internet", "Fax"), "line 2, column 'Received Via': is 'Fax', expected is one of"),
        (LINE.replace("21009", "2109a"), "line 2, column 'Zip code': '2109a' is not a code of five digits"),
        (LINE.replace("Closed", "Lost"), "line 2, column 'Status': is 'Lost'"),
        (LINE + ",more", "line 2: has 12 cells, 11 are expected"),
        (f"{LINE}\n{LINE}", "line 3, column 'Ticket #': 250635 stands in line 2 already"),
        (
            LINE.replace("Slow speeds", '"Slow\nspeeds"'),
            "line 2, column 'Customer Complaint': holds a control character",
        ),
        (f'{LINE}\n"unfinished', "line 3: is not a CSV record"),
    ],
)
def test_a_line_that_cannot_be_read_is_named_with_its_column(tmp_path, line, message):
    path = written(tmp_path, line)

    with pytest.raises(records.BadRecord) as refusal:
        records.load(path)
    assert str(refusal.value).startswith(message)


def test_broken_encoding_is_named_by_line(tmp_path):
    path = tmp_path / "broken.csv"
    path.write_bytes(f"{HEADER}\n{LINE}\n".encode() + b"1,caf\xe9,")

    with pytest.raises(records.BadRecord, match="line 3: is not UTF-8 text at byte 6"):
        records.load(path)


def test_a_damaged_archive_is_a_bad_record(tmp_path):
    path = tmp_path / "cut.csv.gz"
    path.write_bytes(records.SHIPPED.read_bytes()[:30_000])

    with pytest.raises(records.BadRecord, match="the compressed file is damaged from here"):
        records.load(path)


@pytest.mark.parametrize("content", ["", "a,b,c\n1,2,3\n"])
def test_a_file_of_another_kind_is_refused_at_its_header(tmp_path, content):
    path = tmp_path / "other.csv"
    path.write_text(content)

    with pytest.raises(records.BadRecord, match="line 1: the header lacks Ticket #, Customer Complaint"):
        records.load(path)


def test_complaints_are_streamed(tmp_path):
    path = written(tmp_path, LINE, "broken")

    stream = records.read(path, records.Repairs())

    assert next(stream).number == "250635"


# As understood


def test_every_complaint_gets_a_leaf_of_the_shipped_tree(complaints, leaves):
    assert {classify.read(complaint.text).category for complaint in complaints} <= leaves


def test_every_rule_leads_to_a_leaf(leaves):
    assert {rule.meaning for rule in [*classify.SPECIFIC, *classify.KINDS]} <= leaves
    assert classify.LAST_RESORT in leaves


def test_most_complaints_say_what_they_are_about(complaints, record_property):
    readings = [classify.read(complaint.text) for complaint in complaints]
    certainties = Counter(reading.certainty for reading in readings)
    categories = Counter(reading.category for reading in readings)
    record_property("categories", dict(categories.most_common()))

    wordy = [certainty for certainty in certainties.elements() if certainty is not classify.Certainty.NOTHING]

    assert len(wordy) / len(readings) >= 0.9
    assert certainties[classify.Certainty.SPECIFIC] / len(readings) >= 0.8
    assert certainties[classify.Certainty.SPECIFIC] / len(wordy) >= 0.85
    assert len(categories) >= 80
    assert max(categories.values()) / len(readings) <= 0.12


def test_what_no_rule_understands_hardly_says_more_than_whom_it_is_about(complaints):
    silent = [
        words
        for complaint in complaints
        if classify.read(words := classify.plain(complaint.text)).certainty is classify.Certainty.NOTHING
    ]

    named = [words for words in silent if any(name in words for name in ("comca", "xfini", "infinity", "complaint"))]

    assert len(named) / len(silent) >= 0.9


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Comcast Data Cap Overage Fees", "billing.usage.overage"),
        ("comcast 300GB data cap", "billing.usage.data-cap"),
        ("Keep getting charged rental fees for modem I already own", "billing.equipment.own-device"),
        ("Comcast billing after discontinuation of service", "billing.charges.after-termination"),
        ("Comcast throttling my Internet", "broadband.speed.throttled"),
        ("I pay for 25Mbps internet but get less than 3Mbps", "broadband.speed.below-contract"),
        ("No Internet Service", "broadband.outage.complete"),
        ("Internet Disconnects Every Night", "broadband.speed.evening"),
        ("HBO Go on Playstation 4", "broadband.access.partner-sign-in"),
        ("Payment disappear - service got disconnected", "suspension.wrongful.paid-up"),
        ("COMCAST WILL NOT CANCEL MY ACCOUNT", "contract.termination.refused"),
        ("Bait & Switch pricing", "marketing.offer.bait"),
        ("Comcast Business Internet service down", "enterprise.line.outage"),
        ("Deceptive Business Practices by Comcast", "marketing.practice.deceptive"),
        ("Poor Customer Service", "service.attitude.hotline"),
        ("Comcast Billing", "billing.charges.other"),
        ("Comcast Internet", "broadband.general.other"),
        ("Comcast", "service.overall.other"),
    ],
)
def test_words_lead_to_the_category_an_agent_would_choose(text, category):
    assert classify.read(text).category == category


@pytest.mark.parametrize(
    ("text", "nature"),
    [
        ("Comcast needs competition", "suggestion"),
        ("Legality of data caps", "enquiry"),
        ("Comcast is a monopoly", "opinion"),
        ("No Internet", "complaint"),
    ],
)
def test_words_tell_a_complaint_from_an_opinion_a_suggestion_and_an_enquiry(text, nature):
    assert classify.read(text).nature == nature


@pytest.mark.parametrize("text", ["I will call my attorney", "FCC complaint", "going to sue!", "reported to the BBB"])
def test_whoever_says_they_will_go_further_threatens(text):
    assert classify.read(text).threatens


@pytest.mark.parametrize("text", ["Billing issue", "An issue pursued with courtesy", "ongoing tissue"])
def test_whoever_only_complains_does_not_threaten(text):
    assert not classify.read(text).threatens


# As somebody's


@pytest.fixture(scope="module")
def owned(complaints):
    return list(people.customers_of(complaints, seed=7, managers=MANAGERS))


def test_the_same_seed_makes_the_same_customers(complaints, owned):
    assert list(people.customers_of(complaints, seed=7, managers=MANAGERS)) == owned
    assert list(people.customers_of(complaints, seed=8, managers=MANAGERS)) != owned


def test_about_one_complaint_in_eight_comes_from_somebody_known(owned):
    customers = {customer.number for _, customer in owned}

    assert 0.09 <= 1 - len(customers) / len(owned) <= 0.14


def test_some_customers_complain_often_enough_to_be_flagged(owned):
    in_a_month = Counter((customer.number, complaint.raised_at.month) for complaint, customer in owned)
    altogether = Counter(customer.number for _, customer in owned)

    assert sum(times >= 3 for times in in_a_month.values()) >= 10
    assert any(times >= 10 for times in altogether.values())


def test_a_city_belongs_to_one_branch_and_every_branch_has_its_share(owned):
    cities = {(complaint.city, complaint.state): customer.branch for complaint, customer in owned}

    assert all(cities[complaint.city, complaint.state] == customer.branch for complaint, customer in owned)
    assert min(Counter(customer.branch for _, customer in owned).values()) / len(owned) > 0.25


def test_vip_and_companies_have_a_customer_manager(owned):
    for _, customer in owned:
        watched = customer.tier == "vip" or customer.brand == "enterprise"
        assert customer.manager == (MANAGERS[customer.branch] if watched else "")
    assert {customer.tier for _, customer in owned} == {"ordinary", "silver", "gold", "vip"}
    assert {customer.brand for _, customer in owned} == {"gotone", "easyown", "mzone", "broadband", "enterprise"}


def test_nobody_can_have_these_numbers(owned):
    rng = random.Random(1)
    numbers = {customer.number for _, customer in owned} | {people.other_number(rng) for _ in range(500)}

    assert all(len(number) == 11 and number[:3] in {"104", "105"} for number in numbers)
    for number in numbers:
        parsed = phonenumbers.parse(number, "CN")
        assert str(parsed.national_number) == number
        assert not phonenumbers.is_valid_number(parsed)


def test_family_bears_the_family_name(owned):
    rng = random.Random(3)

    contacts = [(customer, people.contact_of(customer, rng)) for _, customer in owned if customer.brand != "enterprise"]

    family = [(customer, contact) for customer, contact in contacts if contact.standing == "family"]
    assert family
    assert all(customer.name_zh[0] == contact.name_zh[0] for customer, contact in family)
    assert all(customer.name_en.split()[0] == contact.name_en.split()[0] for customer, contact in family)


def test_every_required_field_of_the_tree_can_be_filled():
    categories = tomllib.loads((ROOT / "complaints/defaults/categories.toml").read_text("utf-8"))["category"]
    at = datetime(2015, 5, 4, 9, tzinfo=records.CENTRE_TIME)
    rng = random.Random(5)

    for category in categories:
        fields = category.get("required", [])
        values = people.fill_required(fields, rng, at)
        assert list(values) == [field["code"] for field in fields]
        for field in fields:
            value = values[field["code"]]
            match field["kind"]:
                case "number":
                    assert isinstance(value, int) and value > 0
                case "date":
                    assert abs((date.fromisoformat(value) - at.date()).days) <= 500
                case "choice":
                    assert value in {choice["code"] for choice in field["choices"]}
                case "phone":
                    assert value.startswith(people.OTHER_PREFIX)
                case "text":
                    assert value


def test_the_month_in_question_is_the_one_before():
    at = datetime(2015, 1, 31, 9, tzinfo=records.CENTRE_TIME)

    filled = people.fill_required([{"code": "month", "kind": "text"}], random.Random(1), at)

    assert filled == {"month": "2014-12"}


def test_the_number_in_question_is_the_customers(owned):
    _, customer = owned[0]
    at = datetime(2015, 5, 4, 9, tzinfo=records.CENTRE_TIME)

    filled = people.fill_required([{"code": "number", "kind": "phone"}], random.Random(1), at, customer=customer)

    assert filled == {"number": customer.number}
