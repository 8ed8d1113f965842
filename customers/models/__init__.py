from customers.models.customers import Brand, ContactPerson, Customer, Standing, Tier
from customers.models.disclosures import Disclosure, Lookup
from customers.models.flags import Flag, FlagKind

__all__ = [
    "Brand",
    "ContactPerson",
    "Customer",
    "Disclosure",
    "Flag",
    "FlagKind",
    "Lookup",
    "Standing",
    "Tier",
]
