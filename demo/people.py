"""Made-up customers, and made-up facts for the fields that a category requires.

No number of theirs can be anybody's. Mobile numbers in China have eleven digits and begin with 13 to 19; fixed lines
begin with 0 where the area code is dialled and have at most eight digits where it is not. Eleven digits that begin with
104 or 105 are neither, nor do they begin with an emergency number or with an operator's (100..). Prefixes such as 12
would do as well, but number libraries take a part of those for a carrier's code and cut it off. Customers have 104,
everybody else has 105.
"""

import random
import zlib
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from demo import classify
from demo.records import Complaint

CUSTOMER_PREFIX = "104"
OTHER_PREFIX = "105"
FREE_DIGITS = 100_000_000

SHARE_RETURNING = 0.12
SHARE_RETURNING_WHO_ARE_HABITUAL = 0.3
SHARE_RETURNING_ABOUT_THE_SAME = 0.6
REMEMBERED_CALLERS = 150
HABITUAL_PER_BRANCH = 2

TIERS = {"ordinary": 72, "silver": 17, "gold": 8, "vip": 3}
MOBILE_BRANDS = {"gotone": 30, "easyown": 45, "mzone": 25}
HOME_KINDS = {"broadband", "tv"}
STANDINGS = {"family": 75, "employee": 12, "lawyer": 3, "other": 10}

FAMILY_NAMES = {
    "王": "Wang", "李": "Li", "张": "Zhang", "刘": "Liu", "陈": "Chen", "杨": "Yang", "赵": "Zhao", "黄": "Huang",
    "周": "Zhou", "吴": "Wu", "徐": "Xu", "孙": "Sun", "胡": "Hu", "朱": "Zhu", "高": "Gao", "林": "Lin",
    "何": "He", "郭": "Guo", "马": "Ma", "罗": "Luo", "梁": "Liang", "宋": "Song", "郑": "Zheng", "谢": "Xie",
    "韩": "Han", "唐": "Tang", "冯": "Feng", "于": "Yu", "董": "Dong", "萧": "Xiao", "程": "Cheng", "曹": "Cao",
}  # fmt: skip
GIVEN_NAMES = {
    "伟": "Wei", "芳": "Fang", "娜": "Na", "敏": "Min", "静": "Jing", "丽": "Li", "强": "Qiang", "磊": "Lei",
    "军": "Jun", "洋": "Yang", "勇": "Yong", "艳": "Yan", "杰": "Jie", "娟": "Juan", "涛": "Tao", "明": "Ming",
    "超": "Chao", "秀英": "Xiuying", "霞": "Xia", "平": "Ping", "桂英": "Guiying", "子涵": "Zihan", "浩然": "Haoran",
    "雨桐": "Yutong", "梓萱": "Zixuan", "宇航": "Yuhang", "欣怡": "Xinyi", "思远": "Siyuan", "嘉怡": "Jiayi",
    "志强": "Zhiqiang", "建国": "Jianguo", "晓燕": "Xiaoyan", "海燕": "Haiyan", "文博": "Wenbo", "佳琪": "Jiaqi",
    "俊杰": "Junjie", "雪梅": "Xuemei", "立新": "Lixin", "春华": "Chunhua", "国庆": "Guoqing",
}  # fmt: skip
COMPANIES = {
    "恒达": "Hengda", "宏图": "Hongtu", "新桥": "Xinqiao", "百川": "Baichuan", "云杉": "Yunshan", "长青": "Changqing",
    "海纳": "Haina", "星河": "Xinghe", "安泰": "Antai", "启明": "Qiming", "远航": "Yuanhang", "金穗": "Jinsui",
}  # fmt: skip
TRADES = {"商贸有限公司": "Trading Co.", "物流有限公司": "Logistics Co.", "口腔诊所": "Dental Clinic", "酒店": "Hotel"}
STREETS = {"人民路": "Renmin Road", "建设路": "Jianshe Road", "解放路": "Jiefang Road", "文化路": "Wenhua Road"}


@dataclass(frozen=True, slots=True)
class MadeUpCustomer:
    """A subscriber of the demonstration; branch is a unit's code, manager a username or empty."""

    number: str
    name_zh: str
    name_en: str
    tier: str
    brand: str
    branch: str
    manager: str
    address_zh: str
    address_en: str
    language: str


@dataclass(frozen=True, slots=True)
class MadeUpContact:
    """Somebody who complains for a subscriber, and by what right."""

    number: str
    name_zh: str
    name_en: str
    standing: str


def customers_of(
    complaints: Iterable[Complaint], *, seed: int, managers: Mapping[str, str]
) -> Iterator[tuple[Complaint, MadeUpCustomer]]:
    """Each complaint with the customer whose it is, in the order given, which must be that of time.

    `managers` names the customer manager of each branch by its code. About one complaint in eight comes from somebody
    who has complained before, preferably about the same kind of matter, and a few come back again and again, so that
    there are repeats to find and flags to set.
    """
    rng = random.Random(seed)
    branches = sorted(managers)
    if not branches:
        raise ValueError("customers need at least one branch with its customer manager")
    callers = {branch: deque[tuple[str, MadeUpCustomer]](maxlen=REMEMBERED_CALLERS) for branch in branches}
    habitual: dict[str, list[MadeUpCustomer]] = {branch: [] for branch in branches}
    numbers = customer_numbers(rng)
    for complaint in complaints:
        branch = branch_of(complaint, branches)
        kind = classify.read(complaint.text).category.partition(".")[0]
        customer = None
        if rng.random() < SHARE_RETURNING:
            customer = _somebody_again(kind, callers[branch], habitual[branch], rng)
        if customer is None:
            customer = _somebody_new(kind, branch, managers[branch], next(numbers), rng)
            if len(habitual[branch]) < HABITUAL_PER_BRANCH and kind != "enterprise":
                habitual[branch].append(customer)
        callers[branch].append((kind, customer))
        yield complaint, customer


def branch_of(complaint: Complaint, branches: Sequence[str]) -> str:
    """The city branch that stands for the complaint's city: always the same one for the same city."""
    return branches[zlib.crc32(f"{complaint.city}, {complaint.state}".encode()) % len(branches)]


def contact_of(customer: MadeUpCustomer, rng: random.Random) -> MadeUpContact:
    """Somebody else who speaks for a customer; family bears the customer's family name."""
    standing = _drawn(STANDINGS, rng)
    name_zh, name_en = _personal_name(rng)
    family = customer.name_zh[:1]
    if standing == "family" and family in FAMILY_NAMES:
        name_zh = family + name_zh[1:]
        name_en = f"{FAMILY_NAMES[family]} {name_en.partition(' ')[2]}"
    return MadeUpContact(number=other_number(rng), name_zh=name_zh, name_en=name_en, standing=standing)


def customer_numbers(rng: random.Random) -> Iterator[str]:
    """Numbers for customers, no two alike."""
    given: set[int] = set()
    while True:
        digits = rng.randrange(FREE_DIGITS)
        if digits not in given:
            given.add(digits)
            yield f"{CUSTOMER_PREFIX}{digits:08d}"


def other_number(rng: random.Random) -> str:
    """A number for anybody who is not a customer."""
    return f"{OTHER_PREFIX}{rng.randrange(FREE_DIGITS):08d}"


def _somebody_again(
    kind: str, callers: Sequence[tuple[str, MadeUpCustomer]], habitual: Sequence[MadeUpCustomer], rng: random.Random
) -> MadeUpCustomer | None:
    if habitual and rng.random() < SHARE_RETURNING_WHO_ARE_HABITUAL:
        return rng.choice(habitual)
    if rng.random() < SHARE_RETURNING_ABOUT_THE_SAME:
        alike = [customer for earlier, customer in callers if earlier == kind]
        if alike:
            return rng.choice(alike)
    return rng.choice(callers)[1] if callers else None


def _somebody_new(kind: str, branch: str, manager: str, number: str, rng: random.Random) -> MadeUpCustomer:
    tier = _drawn(TIERS, rng)
    brand = _brand(kind, rng)
    name_zh, name_en = _company_name(rng) if brand == "enterprise" else _personal_name(rng)
    address_zh, address_en = _address(rng)
    return MadeUpCustomer(
        number=number,
        name_zh=name_zh,
        name_en=name_en,
        tier=tier,
        brand=brand,
        branch=branch,
        manager=manager if tier == "vip" or brand == "enterprise" else "",
        address_zh=address_zh,
        address_en=address_en,
        language="en" if rng.random() < 0.05 else "zh-hans",
    )


def _brand(kind: str, rng: random.Random) -> str:
    if kind == "enterprise":
        return "enterprise"
    if kind in HOME_KINDS and rng.random() < 0.6:
        return "broadband"
    return _drawn(MOBILE_BRANDS, rng)


def _personal_name(rng: random.Random) -> tuple[str, str]:
    family_zh, family_en = rng.choice(list(FAMILY_NAMES.items()))
    given_zh, given_en = rng.choice(list(GIVEN_NAMES.items()))
    return family_zh + given_zh, f"{family_en} {given_en}"


def _company_name(rng: random.Random) -> tuple[str, str]:
    name_zh, name_en = rng.choice(list(COMPANIES.items()))
    trade_zh, trade_en = rng.choice(list(TRADES.items()))
    return name_zh + trade_zh, f"{name_en} {trade_en}"


def _address(rng: random.Random) -> tuple[str, str]:
    street_zh, street_en = rng.choice(list(STREETS.items()))
    house, block, flat = rng.randint(1, 288), rng.randint(1, 24), rng.randint(1, 18) * 100 + rng.randint(1, 4)
    return f"{street_zh}{house}号{block}栋{flat}室", f"{house} {street_en}, block {block}, flat {flat}"


def _drawn(weights: Mapping[str, int], rng: random.Random) -> str:
    return rng.choices(list(weights), weights=list(weights.values()))[0]


# What a required field is filled with, by the field's code: numbers or texts to choose from, days before or after.
NUMBERS: dict[str, Sequence[int]] = {
    "amount": range(5, 600),
    "contracted": (100, 200, 300, 500, 1000),
    "measured": range(1, 95),
    "times": range(2, 7),
    "points": range(500, 20_000),
}
DAYS = {"appointment": (-5, 3), "returns_on": (2, 14), "ends_on": (20, 500), "bought_on": (-300, -10)}
DAYS_OF_OTHERS = (-14, 0)
TEXTS = {
    "account": ("kd0012907", "kd0031885", "kd0047216"),
    "company": ("恒达商贸有限公司", "云杉物流有限公司", "启明口腔诊所"),
    "destination": ("邻省", "境外城市", "边境口岸"),
    "device": ("光猫 G2", "机顶盒 M301", "路由器 AX3", "手机 P40"),
    "earlier": ("上月致电，无工单号", "上周营业厅反映", "此前已投诉两次"),
    "item": ("套餐月费", "流量超出费", "设备租金", "一次性服务费"),
    "line": ("ZX-0117", "ZX-0342", "ZX-0558"),
    "offer": ("宽带电视合约包", "百兆宽带特惠", "畅享流量套餐"),
    "order": ("D-204117", "D-219350", "D-230862"),
    "partner": ("合作视频平台", "合作游戏平台"),
    "place": ("小区内", "地下车库", "办公楼 12 层", "高铁沿线"),
    "product": ("视频会员", "来电提醒", "家庭安防"),
    "promised": ("承诺两年不涨价", "承诺次日上门", "承诺退还差额"),
    "refusal": ("称合约未到期", "称系统无法办理", "未说明原因"),
    "seen": ("频繁中断，重启后短暂恢复", "指示灯异常，无法连接", "画面停顿"),
    "service": ("视频网站", "游戏平台", "自助服务应用"),
    "staff": ("工号 1032", "工号 2075", "不清楚"),
    "state_shown": ("提示稍后再试", "提示账户受限", "无提示"),
    "what_said": ("客户称收费与告知不符", "客户称多次联系无人处理", "客户要求书面说明"),
}
ANY_TEXT = ("客户未能说明", "详见问题描述")


def fill_required(
    fields: Sequence[Mapping[str, Any]], rng: random.Random, at: datetime, *, customer: MadeUpCustomer | None = None
) -> dict[str, str | int]:
    """A believable value for each required field of a category, by the field's code.

    Dates are ISO dates near the day of `at`, numbers are integers, a choice is the code of one of its choices.
    """
    return {field["code"]: _value(field, rng, at, customer) for field in fields}


def _value(field: Mapping[str, Any], rng: random.Random, at: datetime, customer: MadeUpCustomer | None) -> str | int:
    code, kind = field["code"], field["kind"]
    if kind == "choice":
        return str(rng.choice(field["choices"])["code"])
    if kind == "number":
        return rng.choice(NUMBERS.get(code, range(1, 100)))
    if kind == "phone":
        return customer.number if customer and code == "number" else other_number(rng)
    if kind == "date":
        return (at + timedelta(days=rng.randint(*DAYS.get(code, DAYS_OF_OTHERS)))).date().isoformat()
    if code == "month":
        return f"{at.replace(day=1) - timedelta(days=1):%Y-%m}"
    if code == "address":
        return customer.address_zh if customer else _address(rng)[0]
    if code == "company" and customer and customer.brand == "enterprise":
        return customer.name_zh
    return rng.choice(TEXTS.get(code, ANY_TEXT))
