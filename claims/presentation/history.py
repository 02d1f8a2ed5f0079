"""What was decided on a claim’s reports, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from claims.models import Attribution, Statement

#: What a decision on more than one report means for each, by decision and kind of event.
_ROUNDABOUT = {
    ("merge", "update"): "came with the merge of another claim: {status}",
    ("unmerge", "update"): "came back as a merge was undone: {status}",
    ("merge", "delete"): "made one with the other claim’s, as both were merged",
    ("unmerge", "insert"): "{status} again, as a merge was undone",
    ("split", "update"): "split: {status}",
    ("undo", "update"): "decision undone: {status}",
    ("undo", "delete"): "decision undone: removed",
}


@dataclass(frozen=True)
class Decision:
    """One event in the history of a claim's attributions."""

    at: datetime
    who: str
    what: str
    statement: Statement


def decisions(events: Sequence[Any], *, editors: Mapping[int, str]) -> list[Decision]:
    """Return what changed at each event of some attributions, oldest first; unnoticeable changes are left out.

    events: pghistory events in their order, with statement, decided_by and pgh_context selected; editors: names by id.
    """
    before: dict[int, Any] = {}
    found = []
    for event in events:
        previous = before.get(event.pgh_obj_id)
        before[event.pgh_obj_id] = event
        context: dict[str, Any] = event.pgh_context.metadata if event.pgh_context is not None else {}
        signed = event.status != Attribution.Status.PROPOSED and event.decided_by is not None
        who = editors.get(context.get("user", 0)) or (event.decided_by.get_username() if signed else event.method)
        what = _ROUNDABOUT.get((context.get("decision", ""), event.pgh_label), "").format(status=event.status)
        what = what or _change(previous, event)
        if what:
            found.append(Decision(event.pgh_created_at, who, what, event.statement))
    return found


def _change(previous: Any, event: Any) -> str:
    if event.pgh_label == "delete":
        return "removed"
    stance = "denies" if event.stance == Attribution.Stance.DENIES else "affirms"
    if previous is None:
        first = f" (score {event.score:.2f})" if event.pgh_label == "insert" else ""
        return f"{event.status}: {stance} the claim{first}"
    if previous.stance != event.stance:
        return f"{event.status}: now {stance} the claim"
    if previous.status != event.status or previous.decided_at != event.decided_at:
        return str(event.status)
    if round(previous.score, 2) != round(event.score, 2):
        return f"score changed from {previous.score:.2f} to {event.score:.2f}"
    return ""
