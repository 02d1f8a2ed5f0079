"""Editors at work: one at a browser without JavaScript, and one who decides without a pause."""

import re
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field

import requests

from tests.config.running import manage

NAME, PASSWORD = "editor", "correct horse battery staple"


class Editor:
    """An editor at a browser without JavaScript."""

    def __init__(self, up, *, name=NAME):
        made = manage(
            "createsuperuser",
            "--noinput",
            SECOND_SOURCE_HOME=str(up.home),
            DJANGO_SUPERUSER_USERNAME=name,
            DJANGO_SUPERUSER_EMAIL=f"{name}@example.org",
            DJANGO_SUPERUSER_PASSWORD=PASSWORD,
        )
        assert made.returncode == 0, made.stderr
        self.name = name
        self.site = f"http://127.0.0.1:{up.port}"
        self.session = requests.Session()
        self.send("/accounts/login/", login=name, password=PASSWORD)

    def see(self, path):
        response = self.session.get(self.site + path, timeout=30)
        assert response.status_code == 200, response.text
        return response.text

    def send(self, path, *, form="", **fields):
        """Send a form found at `form`, or at `path` itself, and return the page that it leads to."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.see(form or path))[1]
        response = self.session.post(
            self.site + path, data={**fields, "csrfmiddlewaretoken": token}, headers={"Referer": self.site}, timeout=30
        )
        assert response.status_code == 200, response.text
        return response.text

    def add_feeds(self, outlets):
        for outlet in outlets:
            assert "Added" in self.send("/feeds/", url=outlet.feed, title=outlet.name, interval_s=86_400)

    def poll_feeds(self):
        for uid in re.findall(r"/feeds/([\w-]+)/poll/", self.see("/feeds/")):
            self.send(f"/feeds/{uid}/poll/", form="/feeds/")


@dataclass
class Deciding:
    """Decides about one report after the other, round and round, while the block lasts; and remembers what was said.

    A decision is acknowledged when the site has sent the editor on to the claim; any other answer, or none, leaves it
    open whether it was stored.
    """

    editor: Editor
    reports: list[str]
    pause_s: float = 0.25
    #: The report, what was decided, and whether that was acknowledged. It grows while others read it, as a list may.
    tried: list[tuple[str, str, bool]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)
    at: int = 0

    def __enter__(self):
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._decide_on, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *raised):
        self._ended.set()
        self._thread.join(60)

    def _decide_on(self):
        while not self._ended.wait(self.pause_s):
            report = self.reports[self.at % len(self.reports)]
            kind = ("confirm", "unsure")[self.at // len(self.reports) % 2]
            self.tried.append((report, kind, self._decide(report, kind)))
            self.at += 1

    def _decide(self, report, kind):
        session = self.editor.session
        headers = {"Referer": self.editor.site, "X-CSRFToken": session.cookies["csrftoken"]}
        address = f"{self.editor.site}/attributions/{report}/{kind}/"
        began = time.monotonic()
        try:
            return session.post(address, headers=headers, timeout=15, allow_redirects=False).status_code == 302
        except requests.RequestException:
            return False
        finally:
            self.seconds.append(time.monotonic() - began)

    def compare(self, database):
        """Return how many acknowledged decisions are not stored, and how many are stored more often than sent."""
        stored = defaultdict(list)
        for report, kind in database.rows(
            "SELECT a.uid::text, d.kind FROM claims_decision d CROSS JOIN jsonb_array_elements(d.changes) change"
            " JOIN claims_attribution a ON a.id = (change->>'attribution')::bigint ORDER BY d.decided_at"
        ):
            stored[report].append(kind)
        lost = doubled = 0
        for report, kind in {(report, kind) for report, kind, _ in self.tried}:
            heard = [heard for *sent, heard in self.tried if sent == [report, kind]]
            kept = stored[report].count(kind)
            lost += max(0, sum(heard) - kept)
            doubled += max(0, kept - len(heard))
        return lost, doubled

    @property
    def acknowledged(self):
        return sum(heard for *_, heard in self.tried)
