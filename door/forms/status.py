"""Asking how a matter stands: for which, and the code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from door.human import HumanForm


class Which(HumanForm):
    """The reference of a matter, or the number of a receipt."""

    use_required_attribute = False

    reference = forms.CharField(
        label=_("Reference or number of your receipt"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("Give the reference or the number of your receipt.")},
    )

    field_order = ["reference"]


class Code(forms.Form):
    """The figures that were sent."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("The six figures from our message"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
        error_messages={"required": _("Type the six figures.")},
    )
