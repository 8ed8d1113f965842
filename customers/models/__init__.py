from customers.models.customers import Brand, ContactPerson, Customer, Standing, Tier
from customers.models.disclosures import Disclosure, DisclosureRules, Lookup
from customers.models.flags import Flag, FlagKind, RuleOverride
from customers.models.watching import HANDLING_RULES, HandlingRule, WatchRules

__all__ = [
    "HANDLING_RULES",
    "Brand",
    "ContactPerson",
    "Customer",
    "Disclosure",
    "DisclosureRules",
    "Flag",
    "FlagKind",
    "HandlingRule",
    "Lookup",
    "RuleOverride",
    "Standing",
    "Tier",
    "WatchRules",
]
