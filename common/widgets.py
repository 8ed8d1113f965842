"""The plain widgets of forms, written without templates.

Django draws a field by a template that includes two or three others, each option of a list and each box by some more;
a page with a dozen small forms spends a third of its time on them. What these functions write is what Django's own
templates write. Other widgets (the admin's, split dates, lists of files) have their templates as ever.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.forms.renderers import TemplatesSetting

from common.markup import attributes, escaped

Widget = Mapping[str, Any]
"""What a widget tells of itself (`get_context()["widget"]`)."""


def write_input(widget: Widget) -> str:
    """A field of one line, a box, something hidden."""
    value = "" if widget["value"] is None else f' value="{escaped(widget["value"])}"'
    return f'<input type="{widget["type"]}" name="{escaped(widget["name"])}"{value}{attributes(widget["attrs"])}>'


def write_textarea(widget: Widget) -> str:
    """A field of several lines. The first line break is the markup's: a browser leaves it out."""
    value = escaped(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>\n{value}</textarea>'


def write_select(widget: Widget) -> str:
    """A list to choose from, with its groups."""
    parts = [f'<select name="{escaped(widget["name"])}"{attributes(widget["attrs"])}>']
    for group, options, _index in widget["optgroups"]:
        written = [write_option(each["value"], each["label"], each["attrs"]) for each in options]
        parts += [f'<optgroup label="{escaped(group)}">', *written, "</optgroup>"] if group else written
    return "".join([*parts, "</select>"])


def write_option(value: object, label: object, attrs: Mapping[str, object]) -> str:
    """One thing to choose."""
    return f'<option value="{escaped(value)}"{attributes(attrs)}>{escaped(label)}</option>'


def write_choice(widget: Widget) -> str:
    """One box of a group, with its label around it where the group asks for that."""
    box = write_input(widget)
    if not widget.get("wrap_label"):
        return box
    of = f' for="{escaped(widget["attrs"]["id"])}"' if widget["attrs"].get("id") else ""
    return f"<label{of}>{box} {escaped(widget['label'])}</label>"


INPUTS = ("text", "number", "email", "url", "color", "search", "tel", "hidden", "date", "datetime", "time", "checkbox")
WRITERS: dict[str, Callable[[Widget], str]] = {
    **{f"django/forms/widgets/{name}.html": write_input for name in INPUTS},
    "django/forms/widgets/textarea.html": write_textarea,
    "django/forms/widgets/select.html": write_select,
    "django/forms/widgets/radio_option.html": write_choice,
    "django/forms/widgets/checkbox_option.html": write_choice,
}


class WrittenWidgets(TemplatesSetting):
    """Draws forms: the plain widgets by the functions above, everything else by templates."""

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> Any:
        """What stands in the page for a widget or a form."""
        write = WRITERS.get(template_name)
        return write(context["widget"]) if write else super().render(template_name, context, request)
