"""What was decided on a claim’s reports, in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.models import Attribution, Statement

#: What a decision on more than one report means for each, by decision and kind of event.
_ROUNDABOUT: dict[tuple[str, str], Promise] = {
    ("merge", "update"): gettext_lazy("came with the merge of another claim: %(status)s"),
    ("unmerge", "update"): gettext_lazy("came back as a merge was undone: %(status)s"),
    ("merge", "delete"): gettext_lazy("made one with the other claim’s, as both were merged"),
    ("unmerge", "insert"): gettext_lazy("%(status)s again, as a merge was undone"),
    ("split", "update"): gettext_lazy("split: %(status)s"),
    ("undo", "update"): gettext_lazy("decision undone: %(status)s"),
    ("undo", "delete"): gettext_lazy("decision undone: removed"),
}
_STATUSES: dict[str, Promise] = {
    Attribution.Status.PROPOSED: gettext_lazy("proposed"),
    Attribution.Status.CONFIRMED: gettext_lazy("confirmed"),
    Attribution.Status.REJECTED: gettext_lazy("rejected"),
    Attribution.Status.UNSURE: gettext_lazy("unsure"),
}
_STANDS: dict[str, Promise] = {
    Attribution.Stance.AFFIRMS: gettext_lazy("%(status)s: affirms the claim"),
    Attribution.Stance.DENIES: gettext_lazy("%(status)s: denies the claim"),
}
_STANDS_SCORED: dict[str, Promise] = {
    Attribution.Stance.AFFIRMS: gettext_lazy("%(status)s: affirms the claim (score %(score)s)"),
    Attribution.Stance.DENIES: gettext_lazy("%(status)s: denies the claim (score %(score)s)"),
}
_STANDS_NOW: dict[str, Promise] = {
    Attribution.Stance.AFFIRMS: gettext_lazy("%(status)s: now affirms the claim"),
    Attribution.Stance.DENIES: gettext_lazy("%(status)s: now denies the claim"),
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
        roundabout = _ROUNDABOUT.get((context.get("decision", ""), event.pgh_label))
        told = {"status": _STATUSES[event.status]}
        what = str(roundabout) % told if roundabout is not None else _change(previous, event, told)
        if what:
            found.append(Decision(event.pgh_created_at, who, what, event.statement))
    return found


def _change(previous: Any, event: Any, told: dict[str, Promise]) -> str:
    if event.pgh_label == "delete":
        return _("removed")
    if previous is None and event.pgh_label == "insert":
        return str(_STANDS_SCORED[event.stance]) % {**told, "score": number_format(event.score, 2)}
    if previous is None:
        return str(_STANDS[event.stance]) % told
    if previous.stance != event.stance:
        return str(_STANDS_NOW[event.stance]) % told
    if previous.status != event.status or previous.decided_at != event.decided_at:
        return str(told["status"])
    if round(previous.score, 2) != round(event.score, 2):
        return _("score changed from %(before)s to %(after)s") % {
            "before": number_format(previous.score, 2),
            "after": number_format(event.score, 2),
        }
    return ""
