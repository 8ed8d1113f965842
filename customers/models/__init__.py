from customers.models.customers import Brand, ContactPerson, Customer, Standing, Tier
from customers.models.disclosures import Disclosure, DisclosureRules, Lookup
from customers.models.flags import Flag, FlagKind

__all__ = [
    "Brand",
    "ContactPerson",
    "Customer",
    "Disclosure",
    "DisclosureRules",
    "Flag",
    "FlagKind",
    "Lookup",
    "Standing",
    "Tier",
]
