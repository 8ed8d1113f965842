"""The shipped category tree, desk rules, filler phrases and causes."""

import tomllib
from pathlib import Path
from typing import Any

from accounts.models import Unit
from complaints.models import Category, CauseCode, DeskRules, FillerPhrase

CATEGORIES = Path(__file__).parent / "categories.toml"
INHERITED: dict[str, Any] = {
    "urgency": "ordinary",
    "lead_unit": None,
    "callback_group": "standard",
    "direct_routing": False,
    "special_scope": "none",
    "service_failure": False,
    "on_site": False,
    "template_zh": "",
    "template_en": "",
    "guidance_zh": "",
    "guidance_en": "",
    "required": [],
}
AT_THE_BRANCH = "branch-network"
FILLERS = (
    "处理中",
    "已告知",
    "跟进中",
    "核实中",
    "已处理",
    "已联系客户",
    "in progress",
    "already informed",
    "following up",
    "done",
    "handled",
    "customer informed",
)
CAUSES = (
    ("network-fault", "网络故障", "Network fault"),
    ("network-coverage", "网络覆盖", "Network coverage"),
    ("billing-error", "计费差错", "Billing error"),
    ("unclear-offer", "宣传不清", "Unclear offer"),
    ("not-asked-for", "未经同意办理", "Ordered without consent"),
    ("staff-conduct", "服务态度", "Conduct of staff"),
    ("late-action", "处理不及时", "Late action"),
    ("system-fault", "系统故障", "System fault"),
    ("partner", "合作方原因", "Partner"),
    ("customer-equipment", "客户设备", "Customer's equipment"),
    ("customer-misunderstanding", "客户误解", "Customer's misunderstanding"),
    ("other", "其他", "Other"),
)


def categories() -> list[dict[str, Any]]:
    """The shipped categories in tree order, each with what it inherits filled in."""
    rows = tomllib.loads(CATEGORIES.read_text(encoding="utf-8"))["category"]
    filled: dict[str, dict[str, Any]] = {}
    for row in rows:
        above = filled.get(row["code"].rpartition(".")[0], INHERITED)
        filled[row["code"]] = {**{key: above[key] for key in INHERITED}, **row}
    return list(filled.values())


def load() -> str:
    """Create what is not there yet; says how many categories."""
    DeskRules.objects.get_or_create(pk=1)
    for phrase in FILLERS:
        FillerPhrase.objects.get_or_create(phrase=phrase)
    for code, name_zh, name_en in CAUSES:
        CauseCode.objects.get_or_create(code=code, defaults={"name_zh": name_zh, "name_en": name_en})
    return f"{_load_categories()} categories"


def _load_categories() -> int:
    there = set(Category.objects.values_list("code", flat=True))
    units = {unit.code: unit for unit in Unit.objects.all()}
    created = 0
    for row in categories():
        if row["code"] in there:
            continue
        facts = {key: row[key] for key in INHERITED if key not in {"required", "lead_unit"}}
        at_branch = row["lead_unit"] == AT_THE_BRANCH
        facts |= {key: row[key] for key in ("code", "name_zh", "name_en", "initials")}
        facts |= {
            "synonyms": row.get("synonyms", ""),
            "required_fields": row["required"],
            "leads_at_branch": at_branch,
            "lead_unit": None if at_branch or not row["lead_unit"] else units[row["lead_unit"]],
        }
        parent = row["code"].rpartition(".")[0]
        if parent:
            Category.objects.add_child(Category.objects.get(code=parent), facts)
        else:
            Category.objects.add_root(facts)
        created += 1
    return created
