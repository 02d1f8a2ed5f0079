"""Telling another server something: one POST, as safe for us as fetching is.

The address is checked and its host looked up once by the same rules; no redirect is followed, and of an answer no more
is read than its beginning, and only where it is no success.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urldefrag

import requests
from requests.exceptions import RequestException

from sources.addresses import permit
from sources.exchange import ask, unsendable
from sources.fetching import Fetcher, configured

SUCCESSES = range(200, 300)
MAX_ANSWER_BYTES = 4_000


@dataclass(frozen=True)
class Posted:
    """How a POST was answered; the answer's beginning is read where it was no success."""

    status: int
    headers: dict[str, str]
    excerpt: str

    @property
    def accepted(self) -> bool:
        return self.status in SUCCESSES


def post(
    url: str, body: bytes, *, headers: Mapping[str, str], deadline_s: float, fetcher: Fetcher | None = None
) -> Posted:
    """Send JSON to an address and return how it was answered.

    Raises FetchFailed where there is no answer, AddressRefused among them. Must not be called inside a transaction.
    """
    fetcher = fetcher or configured()
    sent = check_address(url, fetcher=fetcher)
    answer = ask(
        sent,
        permit(sent, named=fetcher.named),
        method="POST",
        body=body,
        headers={
            "User-Agent": fetcher.user_agent,
            "Content-Type": "application/json",
            "Accept-Encoding": "identity",
            "Connection": "close",
            **headers,
        },
        limits=replace(fetcher.limits, deadline_s=deadline_s, max_bytes=MAX_ANSWER_BYTES, cut=True),
        wanted=[status for status in range(100, 600) if status not in SUCCESSES],
        resolver=fetcher.resolver,
        ca_bundle=fetcher.ca_bundle,
    )
    # PostgreSQL's text holds no NUL.
    excerpt = answer.body.decode("utf-8", "replace").replace("\0", "\ufffd")
    return Posted(answer.status, answer.headers, excerpt)


def check_address(url: str, *, fetcher: Fetcher | None = None) -> str:
    """Return an address as it is sent, without its fragment.

    Raises AddressRefused for what may not be asked, as far as can be said without looking up its host.
    """
    named = (fetcher or configured()).named
    permit(url, named=named)
    try:
        sent = requests.Request("POST", urldefrag(url).url).prepare().url or ""
    except (RequestException, ValueError) as error:
        raise unsendable(url, error) from error
    # What is sent is checked too: a second reader may read an odd address in another way.
    permit(sent, named=named)
    return sent
