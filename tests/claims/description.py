"""The API's description as a client gets it: making it takes longer than most tests, so that is done once."""

from functools import cache
from typing import Any

from django.test import Client

ADDRESS = "/api/v1/schema/"


@cache
def description() -> dict[str, Any]:
    """Return the description; whoever wants to change it takes a copy."""
    answer = Client().get(ADDRESS, headers={"accept": "application/vnd.oai.openapi+json"})
    assert answer.status_code == 200
    described: dict[str, Any] = answer.json()
    return described
