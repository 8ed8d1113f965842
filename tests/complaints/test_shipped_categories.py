"""The shipped category tree and the shipped organisation, as data: complete, bilingual, and fitting each other."""

import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

INHERITED = {
    "urgency",
    "lead_unit",
    "callback_group",
    "direct_routing",
    "special_scope",
    "service_failure",
    "on_site",
    "template_zh",
    "template_en",
    "guidance_zh",
    "guidance_en",
    "required",
}
OWN = {"code", "name_zh", "name_en", "initials", "pinyin"}
ROLES = {
    "agent",
    "dispatcher",
    "handler",
    "unit_lead",
    "expert",
    "branch_contact",
    "customer_manager",
    "legal_adviser",
    "callback_agent",
    "supervisor",
    "duty_director",
    "director",
    "deputy_general_manager",
    "quality_inspector",
    "arbiter",
    "administrator",
    "auditor",
    "api_client",
}
KINDS_OF_UNITS = {"head_office", "province", "centre", "branch", "department", "desk"}
CHINESE = re.compile(r"[\u4e00-\u9fff]|^(?:SIM|eSIM)$")


def parent_of(code):
    return code.rpartition(".")[0]


def flattened(units, parent=None):
    for unit in units:
        yield unit, parent
        yield from flattened(unit.get("children", []), unit)


def inherited(categories):
    """Every category by its code, with what it inherits filled in."""
    full = {}
    for category in categories:
        above = full.get(parent_of(category["code"]), {})
        full[category["code"]] = {key: above[key] for key in INHERITED & above.keys()} | category
    return full


@pytest.fixture(scope="module")
def categories():
    return tomllib.loads((ROOT / "complaints/defaults/categories.toml").read_text("utf-8"))["category"]


@pytest.fixture(scope="module")
def organisation():
    return tomllib.loads((ROOT / "accounts/defaults/organisation.toml").read_text("utf-8"))


@pytest.fixture(scope="module")
def units(organisation):
    return list(flattened(organisation["units"]))


@pytest.fixture(scope="module")
def leaves(categories):
    full = inherited(categories)
    return [category for code, category in full.items() if code not in {parent_of(other) for other in full}]


# Categories


def test_there_are_some_twelve_top_types_and_leaves_of_the_third_level(categories, leaves):
    tops = [category for category in categories if "." not in category["code"]]

    assert 10 <= len(tops) <= 15
    assert len(leaves) >= 120
    assert {leaf["code"].count(".") for leaf in leaves} == {2}


def test_codes_are_unique_and_stand_after_their_parent(categories):
    seen = {""}
    for category in categories:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*(\.[a-z]+(-[a-z]+)*){0,2}", category["code"])
        assert category["code"] not in seen
        assert parent_of(category["code"]) in seen
        seen.add(category["code"])


def test_categories_state_nothing_unknown_and_always_themselves(categories):
    for category in categories:
        assert category.keys() >= OWN, category["code"]
        assert category.keys() <= OWN | INHERITED | {"synonyms"}, category["code"]


def test_both_languages_are_everywhere(categories):
    for category in categories:
        named = [category, *category.get("required", [])]
        named += [choice for field in category.get("required", []) for choice in field.get("choices", [])]
        for thing in named:
            assert CHINESE.search(thing["name_zh"]), thing
            assert thing["name_en"].isascii() and thing["name_en"], thing
        for text in ("template", "guidance"):
            assert (f"{text}_zh" in category) == (f"{text}_en" in category), category["code"]


@pytest.mark.parametrize("name", ["name_zh", "name_en"])
def test_no_two_siblings_have_the_same_name(categories, name):
    names = Counter((parent_of(category["code"]), category[name]) for category in categories)

    assert [sibling for sibling, times in names.items() if times > 1] == []


def test_no_two_leaves_have_the_same_chinese_name(leaves):
    assert [name for name, times in Counter(leaf["name_zh"] for leaf in leaves).items() if times > 1] == []


def test_initials_have_a_letter_for_each_character(categories):
    for category in categories:
        signs = re.findall(r"[\u4e00-\u9fff]|[A-Za-z0-9]", category["name_zh"])
        assert len(category["initials"]) == len(signs), category["code"]
        for sign, initial in zip(signs, category["initials"], strict=True):
            assert initial.isascii() and initial == initial.lower()
            assert not sign.isascii() or initial == sign.lower()


def test_pinyin_has_a_syllable_for_each_character_that_begins_with_its_initial(categories):
    for category in categories:
        syllables = category["pinyin"].split()
        signs = re.findall(r"[\u4e00-\u9fff]|[A-Za-z0-9]+", category["name_zh"])
        begun = [part if sign.isascii() else part[0] for part, sign in zip(syllables, signs, strict=True)]
        assert "".join(begun) == category["initials"], category["code"]


def test_every_leaf_knows_all_that_routing_asks(leaves):
    for leaf in leaves:
        assert leaf["urgency"] in {"urgent", "important", "ordinary"}, leaf["code"]
        assert leaf["callback_group"] in {"standard", "billing"}, leaf["code"]
        assert leaf.get("special_scope", "none") in {
            "none",
            "cross_province",
            "cross_operator",
            "partner",
            "network_coverage",
        }
        for switch in ("direct_routing", "service_failure", "on_site"):
            assert isinstance(leaf.get(switch, False), bool), leaf["code"]
        assert leaf["template_zh"]
        assert leaf["required"]


def test_urgent_service_failures_are_suspension_resumption_and_dead_cards(leaves):
    failures = [leaf for leaf in leaves if leaf.get("service_failure")]

    assert {leaf["code"].split(".")[0] for leaf in failures} == {"suspension", "sim", "porting"}
    assert {leaf["urgency"] for leaf in failures} == {"urgent"}
    assert {leaf.get("special_scope", "none") for leaf in failures} == {"none"}


def test_required_fields_are_well_made(leaves):
    for leaf in leaves:
        codes = [field["code"] for field in leaf["required"]]
        assert len(codes) == len(set(codes)), leaf["code"]
        for field in leaf["required"]:
            assert field["kind"] in {"text", "date", "number", "choice", "phone"}, leaf["code"]
            assert (field["kind"] == "choice") == ("choices" in field), leaf["code"]
            choices = [choice["code"] for choice in field.get("choices", [])]
            assert len(choices) == len(set(choices)) != 1, leaf["code"]


def test_a_field_means_the_same_wherever_it_is_asked(leaves):
    meanings = {}
    for leaf in leaves:
        for field in leaf["required"]:
            assert meanings.setdefault(field["code"], field) == field


def test_templates_use_only_fields_that_are_asked(leaves):
    for leaf in leaves:
        asked = {field["code"] for field in leaf["required"]}
        for text in (leaf["template_zh"], leaf["template_en"]):
            assert set(re.findall(r"{(\w+)}", text)) <= asked, leaf["code"]
            assert text.format_map(dict.fromkeys(asked, "x"))


# The organisation


def test_the_tree_of_units_is_the_one_of_the_domain(units):
    kinds = Counter(unit["kind"] for unit, _ in units)
    by_code = {unit["code"]: unit for unit, _ in units}

    assert kinds.keys() == KINDS_OF_UNITS
    assert kinds["head_office"] == kinds["province"] == 1
    assert kinds["branch"] == 3
    assert {"acceptance", "dispatch", "expert", "callback"} <= {
        desk["code"] for desk in by_code["service-centre"]["children"]
    }
    assert {"network", "group-customers", "support", "data", "legal"} <= by_code.keys()


def test_units_have_unique_codes_and_both_names(units):
    codes = [unit["code"] for unit, _ in units]

    assert len(codes) == len(set(codes))
    for unit, _ in units:
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", unit["code"])
        assert CHINESE.search(unit["name_zh"])
        assert unit["name_en"].isascii() and unit["name_en"]


def test_no_two_sibling_units_have_the_same_name(units):
    for name in ("name_zh", "name_en"):
        names = Counter((parent["code"] if parent else "", unit[name]) for unit, parent in units)
        assert max(names.values()) == 1


def test_every_branch_has_a_counter_and_a_network_team(units):
    branches = [unit for unit, _ in units if unit["kind"] == "branch"]

    for branch in branches:
        children = {child["code"]: child["kind"] for child in branch["children"]}
        assert branch["network_team"] in children
        assert "desk" in children.values()


def test_every_unit_that_is_named_exists(units, organisation, leaves):
    codes = {unit["code"] for unit, _ in units}

    desks = {
        unit[key] for unit, _ in units for key in ("dispatch_desk", "service_desk", "callback_desk") if key in unit
    }
    homes = {person["unit"] for person in organisation["people"]}
    scopes = {role["unit"] for person in organisation["people"] for role in person["roles"]}
    leads = {leaf["lead_unit"] for leaf in leaves} - {"branch-network"}

    assert desks == {"dispatch", "acceptance", "callback"}
    assert homes | scopes | leads <= codes


def test_every_role_has_a_login_of_its_own(organisation):
    held = [role["role"] for person in organisation["people"] for role in person["roles"]]
    first = {person["roles"][0]["role"] for person in organisation["people"]}

    assert set(held) == ROLES
    assert first == ROLES


def test_people_are_told_apart(organisation):
    for key in ("username", "name_zh", "name_en"):
        names = [person[key] for person in organisation["people"]]
        assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z]+", person["username"]) for person in organisation["people"])


def test_every_leading_unit_has_handlers_and_a_lead(units, organisation, leaves):
    staff = {(role["role"], role["unit"]) for person in organisation["people"] for role in person["roles"]}
    teams = {unit["network_team"] for unit, _ in units if unit["kind"] == "branch"}

    for unit in ({leaf["lead_unit"] for leaf in leaves} - {"branch-network"}) | teams:
        assert ("handler", unit) in staff
        assert ("unit_lead", unit) in staff


def test_every_department_and_branch_has_a_director_and_every_branch_its_people(units, organisation):
    staff = {(role["role"], role["unit"]) for person in organisation["people"] for role in person["roles"]}

    for unit, parent in units:
        if unit["kind"] == "branch" or (unit["kind"] == "department" and parent["kind"] == "province"):
            assert ("director", unit["code"]) in staff
        if unit["kind"] == "branch":
            assert ("branch_contact", unit["code"]) in staff
            assert ("customer_manager", unit["code"]) in staff
