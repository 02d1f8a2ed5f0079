"""What tests of pages ask of them."""

import re

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from claims.services.claims import add_reports, report
from claims.services.summaries import refresh_corroboration
from tests.factories import make_article, make_statement


def text_of(response) -> str:
    """Return a page's words, with a space in place of each element."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def report_all(claims, *outlets, **fields) -> None:
    """Let each of `outlets` report all claims in one article, and count them once."""
    for outlet in outlets:
        article = make_article("\n".join(claim.text for claim in claims), outlet=outlet, **fields)
        add_reports(
            report(claim, make_statement(claim.text, article=article, speaker=claim.speaker), score=1.0)
            for claim in claims
        )
    refresh_corroboration([claim.pk for claim in claims])
