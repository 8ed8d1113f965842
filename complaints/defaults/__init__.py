"""The shipped category tree, desk rules, filler phrases and causes."""

import tomllib
from itertools import product
from pathlib import Path
from typing import Any

from accounts.models import Unit
from complaints.models import Category, CauseCode, DeskRules, FillerPhrase, NatureRule
from complaints.models.conclusion import shipped_nature
from complaints.states import Liability, Verdict

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
CAUSES: dict[tuple[str, str, str], tuple[tuple[str, str, str], ...]] = {
    ("network", "网络类", "Network"): (
        ("network-fault", "网络故障", "Network fault"),
        ("network-coverage", "网络覆盖", "Network coverage"),
        ("network-capacity", "网络容量不足", "Too little capacity"),
        ("network-works", "割接或施工", "Works on the network"),
    ),
    ("charging", "资费计费类", "Charges"): (
        ("billing-error", "计费差错", "Billing error"),
        ("charge-unexplained", "收费未说明", "Charge not explained"),
    ),
    ("selling", "营销办理类", "Selling"): (
        ("unclear-offer", "宣传不清", "Unclear offer"),
        ("not-asked-for", "未经同意办理", "Ordered without consent"),
        ("offer-not-kept", "承诺未兑现", "Promise not kept"),
    ),
    ("service", "服务类", "Service"): (
        ("staff-conduct", "服务态度", "Conduct of staff"),
        ("late-action", "处理不及时", "Late action"),
        ("wrong-information", "解答错误", "Wrong information"),
    ),
    ("systems", "系统类", "Systems"): (
        ("system-fault", "系统故障", "System fault"),
        ("data-wrong", "数据差错", "Wrong data"),
    ),
    ("outside", "外部原因", "Outside the company"): (
        ("partner", "合作方原因", "Partner"),
        ("customer-equipment", "客户设备", "Customer's equipment"),
        ("customer-misunderstanding", "客户误解", "Customer's misunderstanding"),
    ),
    ("others", "其他原因", "Other causes"): (("other", "其他", "Other"),),
}


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
    _load_causes()
    for verdict, liability in product(Verdict, Liability):
        NatureRule.objects.get_or_create(
            verdict=verdict, liability=liability, defaults={"nature": shipped_nature(verdict, liability)}
        )
    return f"{_load_categories()} categories"


def _load_causes() -> None:
    there = {cause.code: cause for cause in CauseCode.objects.all()}
    for (code, name_zh, name_en), below in CAUSES.items():
        if code not in there:
            there[code] = CauseCode.objects.add_root({"code": code, "name_zh": name_zh, "name_en": name_en})
        for leaf, leaf_zh, leaf_en in below:
            if leaf not in there:
                parent = CauseCode.objects.get(code=code)
                CauseCode.objects.add_child(parent, {"code": leaf, "name_zh": leaf_zh, "name_en": leaf_en})


def _load_categories() -> int:
    there = set(Category.objects.values_list("code", flat=True))
    units = {unit.code: unit for unit in Unit.objects.all()}
    created = 0
    for row in categories():
        if row["code"] in there:
            continue
        facts = {key: row[key] for key in INHERITED if key not in {"required", "lead_unit"}}
        at_branch = row["lead_unit"] == AT_THE_BRANCH
        facts |= {key: row[key] for key in ("code", "name_zh", "name_en", "initials", "pinyin")}
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
