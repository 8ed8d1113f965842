"""Pages by cursor: a list goes on after the last row seen, so rows that come and go in between shift nothing."""

import base64
import binascii
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

PAGE_SIZE, LARGEST_PAGE = 50, 200
NOTHING = Q(pk__in=[])


@dataclass(frozen=True)
class By:
    """One column of an order. Where it can be empty, empty comes last on the way forth and first on the way back."""

    column: str
    descending: bool = False
    nullable: bool = False

    def back(self) -> "By":
        """The same column on the way back."""
        return By(self.column, not self.descending, self.nullable)

    def expression(self, *, forth: bool) -> Any:
        """What to order by."""
        field = F(self.column)
        if not self.nullable:
            return field.desc() if self.descending else field.asc()
        place = {"nulls_last": True} if forth else {"nulls_first": True}
        return field.desc(**place) if self.descending else field.asc(**place)

    def level_with(self, value: Any) -> Q:
        """The rows with this value."""
        return Q(**{f"{self.column}__isnull": True}) if value is None else Q(**{self.column: value})

    def beyond(self, value: Any, *, forth: bool) -> Q:
        """The rows that come after this value."""
        if value is None:
            return NOTHING if forth else Q(**{f"{self.column}__isnull": False})
        past = Q(**{f"{self.column}__{'lt' if self.descending else 'gt'}": value})
        return past | Q(**{f"{self.column}__isnull": True}) if self.nullable and forth else past


Order = tuple[By, ...]
BY_KEY: Order = (By("pk"),)


class CursorPages(BasePagination):
    """Pages of a list in one of the orders that its view allows (`orders`, the first is the default)."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """One page. Raises ValidationError (400) for an order, size or cursor that does not exist."""
        self.request = request
        orders: dict[str, Order] = getattr(view, "orders", {"": BY_KEY})
        self.order_name = request.query_params.get("order", next(iter(orders)))
        if self.order_name not in orders:
            raise ValidationError({"order": [_("Choose one of: %(choices)s.") % {"choices": ", ".join(orders)}]})
        self.order = orders[self.order_name]
        size = self._size()
        forth, position = self._position(queryset.model)
        columns = self.order if forth else tuple(by.back() for by in self.order)
        rows = queryset.order_by(*(by.expression(forth=forth) for by in columns))
        if position is not None:
            rows = rows.filter(_after(columns, position, forth=forth))
        found = list(rows[: size + 1])
        page, more = found[:size], len(found) > size
        self.page = page if forth else page[::-1]
        self.has_next = more if forth else position is not None
        self.has_previous = more if not forth else position is not None
        return self.page

    def get_paginated_response(self, data: Any) -> Response:
        """The page with the addresses of its neighbours."""
        return Response({"next": self._link(forth=True), "previous": self._link(forth=False), "results": data})

    def _size(self) -> int:
        asked = self.request.query_params.get("page_size", str(PAGE_SIZE))
        if not (asked.isascii() and asked.isdigit() and len(asked) <= 4 and 1 <= int(asked) <= LARGEST_PAGE):
            raise ValidationError({"page_size": [_("Give a number from 1 to %(most)d.") % {"most": LARGEST_PAGE}]})
        return int(asked)

    def _position(self, model: type[models.Model]) -> tuple[bool, list[Any] | None]:
        cursor = self.request.query_params.get("cursor")
        if cursor is None:
            return True, None
        try:
            order, forth, values = json.loads(base64.urlsafe_b64decode(cursor.encode("ascii")))
            if order != self.order_name or len(values) != len(self.order):
                raise ValueError("a cursor of another order")
            return bool(forth), [_typed(model, by, value) for by, value in zip(self.order, values, strict=True)]
        except (ValueError, TypeError, binascii.Error, RecursionError, DjangoValidationError) as error:
            raise ValidationError({"cursor": [_("This cursor does not belong to this list; begin anew.")]}) from error

    def _link(self, *, forth: bool) -> str | None:
        if not self.page or not (self.has_next if forth else self.has_previous):
            return None
        row = self.page[-1 if forth else 0]
        values = [getattr(row, by.column) for by in self.order]
        address = remove_query_param(self.request.build_absolute_uri(), "cursor")
        return replace_query_param(address, "cursor", self.encode([self.order_name, forth, values]))

    @staticmethod
    def encode(place: Any) -> str:
        """A cursor, as it stands in an address."""
        return base64.urlsafe_b64encode(json.dumps(place, cls=DjangoJSONEncoder).encode()).decode("ascii")

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """The parameters of a page, for the schema."""
        orders = [name for name in getattr(view, "orders", {}) if name]
        parameters: list[dict[str, Any]] = [
            {
                "name": "cursor",
                "in": "query",
                "description": "Where to go on; taken from `next` or `previous`.",
                "schema": {"type": "string"},
            },
            {
                "name": "page_size",
                "in": "query",
                "schema": {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
            },
        ]
        if orders:
            order = {"type": "string", "enum": orders, "default": orders[0]}
            parameters.append({"name": "order", "in": "query", "schema": order})
        return parameters

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The page, for the schema."""
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }


def _after(columns: Sequence[By], position: Iterable[Any], *, forth: bool) -> Q:
    beyond, level = NOTHING, Q()
    for by, value in zip(columns, position, strict=True):
        beyond |= level & by.beyond(value, forth=forth)
        level &= by.level_with(value)
    return beyond


def _typed(model: type[models.Model], by: By, value: Any) -> Any:
    field = model._meta.pk if by.column == "pk" else model._meta.get_field(by.column)
    typed = field.to_python(value)  # type: ignore[union-attr]
    if typed is None and not by.nullable:
        raise ValueError("a cursor without a value")
    field.run_validators(typed) if typed is not None else None  # type: ignore[union-attr]
    return typed
