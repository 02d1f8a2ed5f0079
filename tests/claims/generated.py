"""Requests made up from the API's description by Schemathesis: all that it allows, and much that it does not.

Half of what is allowed asks for rows that there are: `tests.claims.generated_hooks` puts their uids in place of others.
"""

import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.db.models import Model

from accounts.models import Token
from accounts.scopes import Scope
from accounts.tokens import make_token
from claims.models import Attribution, Claim, ClaimLink, Flag, Speaker, Statement, Topic
from claims.services.flags import raise_flag, settle_flag
from claims.services.merging import decide_link
from notices.models import Webhook
from notices.webhooks import create_webhook
from sources.importing import add_feed, request_import
from sources.models import Article, Feed, ImportRun, Outlet, Revision
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_topic,
    make_user,
    revise,
)

#: The variable by which the hooks are told of rows.
ROWS = "GENERATED_REQUESTS_ROWS"
#: By the name that addresses have for them, what has a uid.
RESOURCES: dict[str, type[Model]] = {
    "articles": Article,
    "attributions": Attribution,
    "claims": Claim,
    "feeds": Feed,
    "flags": Flag,
    "imports": ImportRun,
    "links": ClaimLink,
    "outlets": Outlet,
    "revisions": Revision,
    "speakers": Speaker,
    "statements": Statement,
    "tokens": Token,
    "topics": Topic,
    "webhooks": Webhook,
}
#: What makes requests up: examples that the description gives, the bounds of each parameter one after the other (some
#: 6,000 requests), and values at random, as many of each operation as are asked for.
ALL_PHASES = ("examples", "coverage", "fuzzing")
FEW_PHASES = ("examples", "fuzzing")


@dataclass(frozen=True)
class Generated:
    """What came of a run: whether every answer was as described, how many were asked for, and what it printed."""

    is_right: bool
    cases: int
    told: str

    @property
    def summary(self) -> str:
        """The end of what it printed: failures by check, cases by phase."""
        return self.told[max(0, self.told.find("= SUMMARY =")) :]


def make_rows() -> str:
    """Make at least one of everything that the API gives out; return a token that may do everything."""
    agency, topic = make_outlet("Agency", aliases=("A",)), make_topic("Trade", keywords=("tax",))
    speaker = make_speaker("The Minister", represents=make_speaker("The State"))
    claim = make_claim("Taxes will rise by 5 percent.", speaker=speaker, topics=(topic,))
    report = make_report(claim, outlet=make_outlet("Gazette", owner=agency), relays=(agency,), status="confirmed")
    make_report(claim, outlet=make_outlet("Herald"), quote="Taxes will rise by 3 percent.")
    make_report(claim, outlet=make_outlet("Courier"), stance="denies")
    make_credit(report.statement.revision.article, agency)
    make_report(make_claim("Undated.", speaker=speaker), article=make_article("Undated.", published_at=None))
    changed = make_article("It rained.")
    revise(changed, "It snowed.")
    editor = make_user("editor")
    editor.is_superuser = True
    editor.save()
    for outcome in ("", "stands"):
        flag = raise_flag(claim, text="The article says Tuesday, not Monday.")
        if outcome:
            settle_flag(flag, outcome=outcome, answer="It does not.", by=editor)
    decide_link(claim, make_claim("Taxes will fall."), status="unsure", by=editor)
    add_feed("https://example.org/feed.xml", outlet=agency)
    request_import("Friday", addresses=["https://example.org/1"], requested_by=editor)
    create_webhook(editor, url="https://example.org/hook", events=["claim.disputed"])
    make_token(make_user("another"), name="another", scopes=[Scope.READ], days=1)
    return make_token(editor, name="requests", scopes=list(Scope), days=1)[1]


def known_rows(secret: str) -> dict[str, list[str]]:
    """Return the uids of rows by resource; a token that asks does not find itself, which it might end."""
    own = Token.objects.exclude(digest=sha256(secret.encode()).hexdigest())
    return {
        name: [str(uid) for uid in (own if model is Token else model._default_manager).values_list("uid", flat=True)]
        for name, model in RESOURCES.items()
    }


def ask(
    server: str,
    token: str,
    *,
    examples: int,
    seed: int,
    patience_s: int,
    phases: tuple[str, ...] = ALL_PHASES,
) -> Generated:
    """Ask a running server for all that is read and written, each operation `examples` times; check every answer.

    A run that takes longer than `patience_s` is not right; what it printed until then is told.
    """
    program, settings = Path(sys.executable).with_name("schemathesis"), Path(__file__).with_suffix(".toml")
    command = [
        *(str(program), "--config-file", str(settings), "run", f"{server}/api/v1/schema/", "--no-color"),
        *("--phases", ",".join(phases), "--max-examples", str(examples), "--seed", str(seed)),
        *("--header", f"Authorization: Bearer {token}"),
        # Instead, `generated_hooks` looks why something was refused.
        *("--exclude-checks", "positive_data_acceptance"),
    ]
    hooks = {"SCHEMATHESIS_HOOKS": "tests.claims.generated_hooks", ROWS: json.dumps(known_rows(token))}
    environment = {**os.environ, **hooks}
    try:
        done = subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=patience_s,
            check=False,
            cwd=Path(__file__).parents[2],
            env=environment,
        )
    except subprocess.TimeoutExpired as late:
        told = (late.stdout or b"").decode(errors="replace")
        return Generated(False, 0, f"{told}\nIt did not end within {patience_s} s.")
    told = done.stdout.decode(errors="replace").strip()
    counted = re.search(r"([\d,]+) generated", told)
    return Generated(done.returncode == 0, int(counted[1].replace(",", "")) if counted else 0, told)
