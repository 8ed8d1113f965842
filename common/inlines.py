"""Rows of a table within a form of the admin, whose fields are named to whoever does not see the head of the table."""

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext as _


class NamedFields(BaseInlineFormSet):
    """Rows whose fields carry their names, since Django's table gives them no labels."""

    def add_fields(self, form: forms.ModelForm, index: int | None) -> None:
        """Name each field of the row, those to delete it included."""
        super().add_fields(form, index)
        for name, field in form.fields.items():
            _name(field.widget, str(field.label or name))


class TableInline(admin.TabularInline):
    """A table of rows with named fields."""

    formset = NamedFields


def _name(widget: forms.Widget, label: str) -> None:
    if isinstance(widget, RelatedFieldWidgetWrapper):
        _name(widget.widget, label)
    elif isinstance(widget, forms.SplitDateTimeWidget):
        for part, word in zip(widget.widgets, (_("day"), _("time")), strict=True):
            _name(part, f"{label}: {word}")
    elif not widget.is_hidden:
        widget.attrs.setdefault("aria-label", label)
