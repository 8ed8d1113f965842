"""How people are: shares and durations, drawn from one seed so that a play can be repeated.

The numbers are a model, not a measurement: chosen so that limits are met by most and missed by some.
"""

import math
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from complaints.states import Liability

Word = TypeVar("Word", bound=str)


@dataclass(frozen=True)
class Habits:
    """Shares are of 1; durations are medians in minutes of a log-normal spread."""

    solved_on_the_spot: float = 0.38
    complained_elsewhere: float = 0.035
    threatens: float = 0.02
    asked_about_the_night: float = 0.55
    agrees_to_night_calls: float = 0.4
    agrees_to_a_longer_limit: float = 0.6
    returned_for_completion: float = 0.06
    handled_at_the_desk: float = 0.04
    recalled: float = 0.01
    sent_to_a_second_unit: float = 0.07
    assistance_asked: float = 0.1
    sent_back: float = 0.03
    transferred: float = 0.04
    held: float = 0.05
    claim_forgotten: float = 0.03
    feedback_rejected: float = 0.06
    not_reached: float = 0.2
    asks_for_another_time: float = 0.05
    tries_at_night: float = 0.2
    customer_accepts: float = 0.84
    customer_does_not_accept: float = 0.09
    chases_up: float = 0.14
    withdraws: float = 0.015
    comes_back: float = 0.02
    merged: float = 0.5
    answers_a_survey: float = 0.45
    answers_a_callback: float = 0.7
    dissatisfied_with_the_result: float = 0.1
    dissatisfied_with_the_handling: float = 0.05
    wants_nothing_more: float = 0.25
    acknowledges: float = 0.92
    demands: float = 0.12
    takes_over: float = 0.03
    replies_in_writing: float = 0.04
    letter_refused: float = 0.25
    offers_something: float = 0.06
    offers_much: float = 0.4
    solution_refused: float = 0.2
    reports_interim: float = 0.04
    tells_how_it_stands: float = 0.06
    goes_to_an_authority: float = 0.012
    authority_takes_it: float = 0.85
    answers_an_authority_late: float = 0.2
    chases_by_text: float = 0.3
    answers_by_text: float = 0.3

    call: float = 7
    review: float = 5
    completion: float = 25
    pickup: float = 5
    handling: float = 20
    assistance: float = 50
    reply_call: float = 9
    conclusion: float = 6
    acknowledgement: float = 7
    resolution: float = 40
    callback_call: float = 4
    writing: float = 20
    posting: float = 10
    decision: float = 30


def minutes(rng: random.Random, median: float, spread: float = 0.6) -> timedelta:
    """A duration around a median, in whole seconds and never shorter than half a minute."""
    drawn = median * math.exp(rng.gauss(0, spread))
    return timedelta(seconds=max(30, round(drawn * 60)))


def drawn(rng: random.Random, shares: Mapping[Word, float]) -> Word:
    """One of several, by their shares."""
    return rng.choices(list(shares), weights=list(shares.values()))[0]


LIABILITIES = {Liability.COMPANY: 0.42, Liability.SHARED: 0.13, Liability.CUSTOMER: 0.15, Liability.UNFOUNDED: 0.3}
FINDINGS = (
    (
        "远程检测线路并更换分光器端口。",
        "分光器端口老化，光衰超标。",
        "速率恢复正常，已现场验证。",
        "告知客户已恢复，询问使用情况。",
    ),
    (
        "核对账单与订购记录，退还差额。",
        "套餐变更次月生效，首月重复计费。",
        "差额已退至账户余额。",
        "说明退费金额与到账时间。",
    ),
    (
        "Checked the order history and cancelled the service.",
        "The service was ordered without the customer's clear consent.",
        "Cancelled from today, fees of two months refunded.",
        "Apologise and name the refund.",
    ),
    (
        "Measured the coverage at the address.",
        "The building blocks the signal of the nearest site.",
        "An indoor unit is planned for the next quarter.",
        "Say what is planned and when.",
    ),
    ("联系装机师傅并重新预约上门。", "预约信息未同步到现场人员。", "已改约并完成安装。", "确认安装结果并致歉。"),
)
ANSWERS = (
    "已向客户说明处理结果，客户知悉。",
    "告知客户原因和补救措施。",
    "Told the customer what was found and what was done.",
)
CHASES = ("客户来电询问进度。", "客户再次来电，要求尽快处理。", "The customer asks again when it will be solved.")
