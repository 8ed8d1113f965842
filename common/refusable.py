"""Forms that take up what a rule says to what was typed."""

from django import forms

from common.refusals import Malformed, Refusal


class RefusableForm(forms.Form):
    """A form whose errors may come from an action: what was typed stays, with what is wrong beside it."""

    refusal: Refusal | None = None

    def explain(self, refusal: Refusal) -> None:
        """Turn a refusal into errors of the fields it names, or of the form."""
        self.refusal = refusal
        errors = refusal.errors if isinstance(refusal, Malformed) else {}
        for name, messages in errors.items():
            for message in messages:
                self.add_error(self.field_meant_by(name), message)
        if not any(errors.values()):
            self.add_error(None, str(refusal))

    def field_meant_by(self, name: str) -> str | None:
        """The field that a refusal means by a name; None for the form as a whole."""
        return name if name in self.fields else None

    @property
    def status(self) -> int:
        """The status with which a page that shows this form's errors answers."""
        if self.refusal is not None:
            return self.refusal.status
        return 400 if self.is_bound and self.errors else 200
