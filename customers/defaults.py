"""The shipped thresholds and handling rules of customers to watch (section 9)."""

from customers.models import FlagKind, HandlingRule, WatchRules

HANDLING_RULES = {
    FlagKind.A: ("由专家席受理并跟进到底。", "An expert seat takes the case and stays with it."),
    FlagKind.B1: ("仅限资深人员联系，先与主管沟通用语。", "Experienced staff only; agree the wording first."),
    FlagKind.B2: ("先看全部历史工单，由分公司专人联系。", "Read all earlier tickets; the branch contact calls."),
    FlagKind.B3: ("先报主管，再联系用户。", "Tell the supervisor before contacting the customer."),
    FlagKind.C1: ("先致歉，说明与上次答复的不同。", "Apologise, and say what differs from the last answer."),
    FlagKind.C2: ("先核对回访中的不满原因，再联系用户。", "Read what displeased them at the callback first."),
    FlagKind.C3: ("了解调查中的不满，必要时由客户经理联系。", "Read what displeased them; their manager may call."),
    FlagKind.D: ("立即报主管；只陈述事实并约定时间。", "Tell the supervisor at once; state facts, agree a time."),
}


def load() -> str:
    """Create the row of thresholds and the rules that are missing; what is there is left as it is."""
    WatchRules.objects.get_or_create(pk=1)
    known = set(HandlingRule.objects.values_list("kind", flat=True))
    missing = [
        HandlingRule(kind=kind, text_zh=zh, text_en=en)
        for kind, (zh, en) in HANDLING_RULES.items()
        if kind not in known
    ]
    HandlingRule.objects.bulk_create(missing)
    return f"{len(missing)} handling rules"
