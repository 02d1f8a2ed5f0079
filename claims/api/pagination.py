"""Pages of a list: `page` from 1, `limit` rows each, with the count of all."""

from typing import Any

from rest_framework.exceptions import ValidationError
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request

PARAMETERS = frozenset({"page", "limit"})


class Pages(PageNumberPagination):
    page_size = 50
    max_page_size = 200
    page_size_query_param = "limit"
    page_size_query_description = "Rows of a page, 1 to 200."
    page_query_description = "Number of the page, from 1. A page past the last one is not found."
    last_page_strings = ()

    def get_page_size(self, request: Request) -> int:
        limit = _whole_number(request, "limit", default=self.page_size)
        if limit > self.max_page_size:
            raise ValidationError({"limit": [f"Give a whole number from 1 to {self.max_page_size}."]})
        return limit

    def get_page_number(self, request: Request, paginator: Any) -> int:
        return _whole_number(request, "page", default=1)


def _whole_number(request: Request, name: str, *, default: int) -> int:
    raw = request.query_params.get(name, "")
    if not raw:
        return default
    # Checked by length first: Python refuses to read thousands of digits.
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 9 and int(raw) > 0):
        raise ValidationError({name: ["Give a whole number from 1."]})
    return int(raw)
