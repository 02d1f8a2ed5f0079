"""Requests made up from the API's description by Schemathesis: all that it allows, and much that it does not."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from accounts.scopes import Scope
from accounts.tokens import make_token
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
    return make_token(editor, name="requests", scopes=list(Scope), days=1)[1]


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
        # A stream of events does not end.
        *("--exclude-path-regex", "/events/$"),
    ]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": "tests.claims.generated_hooks"}
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
