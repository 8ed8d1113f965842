"""People and units as administrators change them: who still has work is not switched off (R13)."""

from django import forms
from django.contrib.auth.forms import UserChangeForm
from django.utils.translation import gettext as _
from treebeard.forms import MoveNodeForm

from accounts.leaving import left_behind


def still_active(form: forms.ModelForm) -> bool:
    """The answer to 'active' on a form. Raises ValidationError when it would end work that nobody has taken over."""
    active: bool = form.cleaned_data["is_active"]
    if form.instance.pk is not None and form.instance.is_active and not active and (left := left_behind(form.instance)):
        raise forms.ValidationError([_("Hand over first what is owned and held:"), *left])
    return active


class PersonForm(UserChangeForm):
    """Somebody and what they may do."""

    def clean_is_active(self) -> bool:
        """Nobody leaves with tickets in their hands."""
        return still_active(self)


class UnitForm(MoveNodeForm):
    """A unit and its place in the tree."""

    def clean_is_active(self) -> bool:
        """No unit ends with tickets in its queues."""
        return still_active(self)
