"""The admin: for administrators only, every change on record, no secrets, no state to edit (F9, R5)."""

import json

import pytest
from auditlog.models import LogEntry
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from accounts.models import Assignment, Person, Role, Unit
from common.text import tidy
from complaints.models import Category, CauseCode, DeskRules, Entry, FillerPhrase, Ticket
from contact.models import QuietHours
from tests.people import MONDAY_NINE, TUESDAY_NINE, a_ticket, category, fresh, person, somebody, unit

pytestmark = pytest.mark.django_db

INDEX = "/admin/"


def signed_in(member: Person) -> Client:
    client = Client()
    client.force_login(member, backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.fixture
def administrator(db):
    """Staff with the role, and no superuser."""
    member = somebody(Role.ADMINISTRATOR, over="head-office")
    member.is_staff = True
    member.save()
    return member


@pytest.fixture
def desk(administrator):
    """The administrator's browser."""
    return signed_in(administrator)


def fields_of(response) -> dict:
    """What the form on a page would post as it stands."""
    form = response.context["adminform"].form
    posted = {name: form[name].value() for name in form.fields}
    for formset in response.context["inline_admin_formsets"]:
        management = formset.formset.management_form
        posted |= {management.add_prefix(name): management[name].value() for name in management.fields}
        for row in formset.formset.forms:
            posted |= {row.add_prefix(name): row[name].value() for name in row.fields}
    posted = {name: json.dumps(value) if isinstance(value, list) else value for name, value in posted.items()}
    return {name: value for name, value in posted.items() if value is not None and value is not False}


def change(client: Client, thing, **changes):
    """Post the form of a thing with some fields changed."""
    meta = thing._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])
    return client.post(url, fields_of(client.get(url)) | changes)


def latest(thing) -> LogEntry:
    return LogEntry.objects.get_for_object(thing).select_related("actor").order_by("pk").last()


# Who comes in


def test_an_administrator_comes_in_without_being_a_superuser(desk, administrator):
    assert not administrator.is_superuser
    assert desk.get(INDEX).status_code == 200
    assert desk.get(reverse("admin:accounts_unit_changelist")).status_code == 200


@pytest.mark.parametrize("username", ["rosa", "lin", "kangming", "piyong"])
def test_who_is_no_staff_is_sent_away(username):
    client = signed_in(person(username))

    for url in (INDEX, reverse("admin:accounts_unit_changelist"), reverse("admin:complaints_deskrules_changelist")):
        assert client.get(url).status_code == 302
        assert client.get(url).url.startswith(reverse("admin:login"))


def test_staff_without_the_role_is_sent_away():
    member = person("lin")
    member.is_staff = True
    member.save()

    assert signed_in(member).get(INDEX).status_code == 302


def test_the_role_without_staff_is_sent_away():
    assert signed_in(somebody(Role.ADMINISTRATOR)).get(INDEX).status_code == 302


def test_a_role_that_has_ended_lets_nobody_in(administrator, desk):
    administrator.assignments.update(ends_at=MONDAY_NINE)

    assert desk.get(INDEX).status_code == 302


def test_who_was_switched_off_is_out_with_the_next_request(administrator, desk):
    assert desk.get(INDEX).status_code == 200
    Person.objects.filter(pk=administrator.pk).update(is_active=False)

    assert desk.get(INDEX).status_code == 302


def test_nobody_is_sent_to_sign_in(client):
    assert client.get(INDEX).status_code == 302


def test_every_page_of_the_admin_opens(desk):
    a_ticket()
    pages = [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in admin.site._registry
    ]

    statuses = {url: desk.get(url, follow=True).status_code for url in pages}

    assert set(statuses.values()) == {200}, statuses


# Every change is on record: who, when, old and new


def test_a_changed_limit_is_recorded_with_who_and_old_and_new(desk, administrator):
    rules, _created = DeskRules.objects.get_or_create(pk=1)

    response = change(desk, rules, reopen_within_days=45)

    entry = latest(rules)
    assert response.status_code == 302
    assert DeskRules.current().reopen_within_days == 45
    assert (entry.actor, entry.changes_dict) == (administrator, {"reopen_within_days": ["30", "45"]})
    assert entry.timestamp is not None


CHANGES = {
    "unit": lambda: (unit("network"), {"name_en": "Networks"}, {"name_en": ["Network department", "Networks"]}),
    "category": lambda: (category(), {"urgency": "urgent"}, {"urgency": ["ordinary", "urgent"]}),
    "quiet hours": lambda: (
        QuietHours.objects.get_or_create(pk=1)[0],
        {"starts": "21:00"},
        {"starts": ["20:00:00", "21:00:00"]},
    ),
    "filler": lambda: (
        FillerPhrase.objects.get(phrase="handled"),
        {"phrase": "dealt with"},
        {"phrase": ["handled", "dealt with"]},
    ),
    "cause": lambda: (CauseCode.objects.get(code="other"), {"name_en": "Else"}, {"name_en": ["Other", "Else"]}),
    "person": lambda: (person("rosa"), {"name_en": "Rosa L."}, {"name_en": ["Rosa Luo", "Rosa L."]}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_what_configures_the_desk_is_recorded_when_it_changes(what, desk, administrator):
    thing, posted, recorded = CHANGES[what]()

    response = change(desk, thing, **posted)

    assert response.status_code == 302, response.context["errors"]
    assert (latest(thing).actor, latest(thing).changes_dict) == (administrator, recorded)


def test_a_role_that_is_given_and_taken_away_is_recorded(desk, administrator):
    rosa = person("rosa")
    held = rosa.assignments.get()

    change(desk, rosa, **{"assignments-0-role": Role.EXPERT})
    given = latest(held)
    change(desk, rosa, **{"assignments-0-DELETE": "on"})

    assert (given.actor, given.changes_dict) == (administrator, {"role": ["agent", "expert"]})
    assert not Assignment.objects.filter(person=rosa).exists()
    removed = LogEntry.objects.get_for_objects(Assignment.objects.none()) or LogEntry.objects.filter(
        object_pk=str(held.pk), content_type__model="assignment", action=LogEntry.Action.DELETE
    )
    assert [entry.actor for entry in removed] == [administrator]


def test_a_delegation_is_recorded(desk, administrator):
    held = person("rosa").assignments.get()

    response = desk.post(
        reverse("admin:accounts_delegation_add"),
        {
            "assignment": held.pk,
            "delegate": person("zhaomin").pk,
            "starts_at_0": "2026-03-02",
            "starts_at_1": "09:00",
            "ends_at_0": "2026-03-03",
            "ends_at_1": "09:00",
        },
    )

    delegation = held.delegations.get()
    assert response.status_code == 302
    assert (delegation.starts_at, delegation.ends_at) == (MONDAY_NINE, TUESDAY_NINE)
    assert (latest(delegation).action, latest(delegation).actor) == (LogEntry.Action.CREATE, administrator)


def test_a_unit_that_is_moved_in_the_tree_is_recorded(desk, administrator):
    network = unit("network")
    before = network.path

    change(desk, network, treebeard_position="first-child", treebeard_ref_node=unit("east-city").pk)
    by_form = (unit("network").path, latest(network).changes_dict)
    desk.post("/admin/accounts/unit/move/", {"node": network.pk, "target": unit("province").pk, "relation": "child"})
    by_drag = (unit("network").path, latest(network).changes_dict)

    assert by_form[0].startswith(unit("east-city").path)
    assert by_form[1] == {"path": [before, by_form[0]]}
    assert by_drag[1] == {"path": [by_form[0], by_drag[0]]}
    assert latest(network).actor == administrator


def test_the_record_of_changes_is_for_reading(desk):
    rules, _created = DeskRules.objects.get_or_create(pk=1)
    change(desk, rules, reopen_within_days=45)
    entry = latest(rules)

    desk.post(reverse("admin:auditlog_logentry_delete", args=[entry.pk]), {"post": "yes"})
    desk.post(reverse("admin:auditlog_logentry_change", args=[entry.pk]), {"changes": "{}"})

    assert latest(rules).changes_dict == {"reopen_within_days": ["30", "45"]}


def test_what_was_used_is_not_deleted(desk):
    for thing in (unit("data"), category(), person("noor"), CauseCode.objects.get(code="other")):
        meta = thing._meta
        url = reverse(f"admin:{meta.app_label}_{meta.model_name}_delete", args=[thing.pk])
        assert desk.post(url, {"post": "yes"}).status_code == 403
        assert type(thing)._default_manager.filter(pk=thing.pk).exists()


# What a category asks for is checked


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ('{"code": "a"}', "Give a list of fields."),
        ('["text"]', "Each field needs code, name_zh, name_en and kind."),
        ('[{"code": "a", "name_zh": "a", "name_en": "a", "kind": "colour"}]', "The kind of a is one of"),
        ('[{"code": "A b", "name_zh": "a", "name_en": "a", "kind": "text"}]', "A b is no code"),
        ('[{"code": ["a"], "name_zh": "a", "name_en": "a", "kind": "text"}]', "is no code"),
        ('[{"code": "a", "name_zh": "a", "name_en": "a", "kind": "choice"}]', "The choices of a are missing."),
        ('[{"code": "a", "name_zh": "a", "name_en": "a", "kind": "choice", "choices": 5}]', "are missing."),
        ('[{"code": "a", "name_zh": "a", "name_en": "a", "kind": "choice", "choices": ["b"]}]', "Each choice of a"),
        (
            '[{"code": "a", "name_zh": "a", "name_en": "a", "kind": "text"},'
            ' {"code": "a", "name_zh": "b", "name_en": "b", "kind": "date"}]',
            "a stands twice.",
        ),
        ("not json", "Enter a valid JSON."),
    ],
)
def test_required_fields_that_are_not_well_made_are_refused_with_what_is_wrong(fields, problem, desk):
    leaf = category()

    response = change(desk, leaf, required_fields=fields)

    assert response.status_code == 200
    assert problem in str(response.context["adminform"].form.errors["required_fields"])
    assert Category.objects.get(pk=leaf.pk).required_fields == leaf.required_fields


def test_a_new_category_stands_where_it_was_put(desk):
    parent = category("billing.charges")

    response = desk.post(
        reverse("admin:complaints_category_add"),
        {
            "name_zh": "测试",
            "name_en": "A test",
            "code": "billing.charges.test",
            "urgency": "ordinary",
            "special_scope": "none",
            "callback_group": "standard",
            "required_fields": "[]",
            "is_active": "on",
            "treebeard_position": "first-child",
            "treebeard_ref_node": parent.pk,
        },
    )

    assert response.status_code == 302, response.context["errors"]
    assert parent.covers(category("billing.charges.test"))


# Tickets and their history are for looking at (F9, R5)


@pytest.mark.parametrize("page", ["change", "delete"])
def test_a_posted_state_changes_no_ticket(page, desk):
    ticket = a_ticket()
    url = reverse(f"admin:complaints_ticket_{page}", args=[ticket.pk])

    response = desk.post(url, {"state": "closed", "version": "9", "reference": "T-1", "post": "yes"})

    assert response.status_code == 403
    assert (fresh(ticket).state, fresh(ticket).version) == (ticket.state, ticket.version)


@pytest.mark.parametrize("page", ["change", "delete"])
def test_an_entry_is_neither_changed_nor_deleted(page, desk):
    entry = a_ticket().entries.first()

    response = desk.post(reverse(f"admin:complaints_entry_{page}", args=[entry.pk]), {"kind": "x", "post": "yes"})

    assert response.status_code == 403
    assert Entry.objects.get(pk=entry.pk).kind == entry.kind


@pytest.mark.parametrize("model", [Ticket, Entry])
def test_tickets_and_entries_are_not_added_and_no_action_deletes_them(model, desk):
    ticket = a_ticket()
    name = model._meta.model_name

    added = desk.get(reverse(f"admin:complaints_{name}_add"))
    desk.post(
        reverse(f"admin:complaints_{name}_changelist"),
        {"action": "delete_selected", "_selected_action": [ticket.pk], "post": "yes"},
    )

    assert added.status_code == 403
    assert Ticket.objects.filter(pk=ticket.pk).exists()


def test_what_a_customer_said_and_who_they_are_is_not_shown(desk):
    ticket = a_ticket(happened="My neighbour Ben steals my signal.")
    pages = [
        reverse("admin:complaints_ticket_changelist"),
        reverse("admin:complaints_ticket_change", args=[ticket.pk]),
        reverse("admin:complaints_entry_changelist"),
    ]

    shown = " ".join(tidy(desk.get(url).content.decode()) for url in pages)

    assert ticket.reference in shown
    assert "neighbour" not in shown
    assert ticket.customer.number not in shown


# Secrets


def test_of_a_password_nothing_is_shown(desk):
    rosa = person("rosa")

    page = desk.get(reverse("admin:accounts_person_change", args=[rosa.pk])).content.decode()

    assert rosa.password not in page
    assert rosa.password.split("$")[0] not in page
    assert "Set a new one" in page


def test_credentials_of_machines_have_no_page():
    labels = {model._meta.label_lower for model in admin.site._registry}

    assert not labels & {"authtoken.token", "authtoken.tokenproxy", "knox.authtoken", "sessions.session"}


def test_a_password_is_in_no_record_of_changes(desk):
    rosa = person("rosa")

    response = desk.post(
        reverse("admin:auth_user_password_change", args=[rosa.pk]),
        {"password1": "quite-another-one-42", "password2": "quite-another-one-42", "usable_password": "true"},
    )

    assert response.status_code == 302
    assert person("rosa").check_password("quite-another-one-42")
    assert "password" not in str([entry.changes_dict for entry in LogEntry.objects.get_for_object(rosa)])


def test_an_administrator_makes_no_superuser_and_changes_none(desk):
    change(desk, person("rosa"), is_superuser="on", is_staff="on")
    root = person("admin")
    response = desk.post(
        reverse("admin:auth_user_password_change", args=[root.pk]),
        {"password1": "quite-another-one-42", "password2": "quite-another-one-42", "usable_password": "true"},
    )

    assert (person("rosa").is_superuser, person("rosa").is_staff) == (False, True)
    assert response.status_code == 403


def test_a_person_is_added_with_a_password_of_their_own(desk):
    response = desk.post(
        reverse("admin:accounts_person_add"),
        {
            "username": "newcomer",
            "usable_password": "true",
            "password1": "quite-another-one-42",
            "password2": "quite-another-one-42",
            "name_zh": "新人",
            "name_en": "New Comer",
            "unit": unit("acceptance").pk,
            "email": "",
            "assignments-TOTAL_FORMS": "0",
            "assignments-INITIAL_FORMS": "0",
        },
    )

    assert response.status_code == 302, response.context["errors"]
    assert person("newcomer").unit == Unit.objects.get(code="acceptance")
