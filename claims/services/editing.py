"""What editors correct of claims and speakers by a form: only as they saw the row, and no machine changes it back."""

import logging
from collections.abc import Collection, Iterable
from datetime import date
from enum import Enum
from typing import Any

import pghistory
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from claims.models import Claim, ClaimTopic, Speaker, SpeakerAlias, Topic
from claims.services.decisions import (
    BY_EDITOR,
    DecisionConflict,
    DecisionRefused,
    lock_claims,
    refresh,
    standing_claim,
)
from claims.services.locks import hold_matching
from claims.services.speakers import MOST_CHARACTERS, lock_speakers
from claims.versions import check_version

logger = logging.getLogger(__name__)

MOST_CHARACTERS_OF_CLAIM = 2000


class Kept(Enum):
    """Stands for a field that is left as it is, where nothing is a value too."""

    KEPT = "kept"


KEPT = Kept.KEPT


def edit_claim(
    claim: Claim,
    *,
    version: str | None,
    by: User,
    text: str | Kept = KEPT,
    topics: Collection[Topic] | Kept = KEPT,
    said_on: date | Kept | None = KEPT,
    reason: str = "",
) -> Claim:
    """Give a claim another sentence, other topics, another day, and return it as it is then.

    A sentence and topics that an editor changed are no machine's any more. version: of the claim as the editor saw it;
    None where the caller holds it and has checked that. Raises VersionConflict where it changed since, DecisionConflict
    where it was merged, and DecisionRefused for a sentence that is none; nothing is changed then.
    """
    wanted = given(text=text if text is KEPT else tidied(text), topics=topics, said_on=said_on)
    if wanted.get("text") == "":
        raise DecisionRefused(_("A claim needs a sentence."))
    if len(wanted.get("text", "")) > MOST_CHARACTERS_OF_CLAIM:
        raise DecisionRefused(
            _("The sentence of a claim has at most %(most)d characters.") % {"most": MOST_CHARACTERS_OF_CLAIM}
        )
    with transaction.atomic(), editing(by, reason):
        hold_matching()
        lock_claims([claim.pk])
        row = standing_claim(claim.pk)
        if version is not None:
            check_version(row, version, wanted)
        changed = []
        if "text" in wanted and wanted["text"] != row.text:
            row.text, row.text_by = wanted["text"], by
            changed += ["text", "text_by"]
        if "said_on" in wanted and wanted["said_on"] != row.said_on:
            row.said_on = wanted["said_on"]
            changed += ["said_on"]
        if "topics" in wanted and _set_topics(row, wanted["topics"]):
            row.topics_by = by
            changed += ["topics_by"]
        if changed:
            row.save(update_fields=[*changed, "updated_at"])
            refresh([row.pk])
    logger.info("edited claim=%s columns=%s", row.pk, ",".join(changed))
    return row


def _set_topics(claim: Claim, topics: Iterable[Topic]) -> bool:
    """Give a claim these topics and no others; return whether it had others."""
    wanted = {topic.pk for topic in topics}
    had = set(ClaimTopic.objects.filter(claim=claim).values_list("topic", flat=True))
    ClaimTopic.objects.filter(claim=claim, topic__in=had - wanted).delete()
    ClaimTopic.objects.bulk_create(
        ClaimTopic(claim=claim, topic_id=topic, method=BY_EDITOR) for topic in sorted(wanted - had)
    )
    return wanted != had


def edit_speaker(
    speaker: Speaker,
    *,
    version: str | None,
    by: User,
    name: str | Kept = KEPT,
    kind: str | Kept = KEPT,
    represents: Speaker | Kept | None = KEPT,
    wikidata_id: str | Kept = KEPT,
    aliases: Iterable[str] | Kept = KEPT,
    reason: str = "",
) -> Speaker:
    """Change what is known of a speaker, and return it; no machine fills anything in or adds listed names after that.

    aliases: all names that resolve to the speaker; its own is among them always. version: of the speaker as the editor
    saw it. Raises VersionConflict where it changed since, DecisionConflict where it was merged, and DecisionRefused
    where a name is another speaker's; nothing is changed then.
    """
    names = aliases if aliases is KEPT else {tidied(alias) for alias in aliases} - {""}
    called = name if name is KEPT else tidied(name)
    wanted = given(name=called, kind=kind, represents=represents, wikidata_id=wikidata_id)
    if wanted.get("name") == "":
        raise DecisionRefused(_("A speaker needs a name."))
    with transaction.atomic(), editing(by, reason):
        lock_speakers()
        rows = Speaker.objects.select_for_update(of=("self",)).select_related("merged_into")
        row = rows.filter(pk=speaker.pk).first()
        if row is None:
            raise DecisionConflict(_("“%(speaker)s” is not there any more.") % {"speaker": speaker})
        if row.merged_into is not None:
            raise DecisionConflict(
                _("“%(speaker)s” was merged into “%(other)s” meanwhile; edit that one.")
                % {"speaker": row, "other": row.merged_into}
            )
        own = wanted.get("name", row.name)
        had = set(row.aliases.values_list("name", flat=True))
        if names is KEPT:
            # A former name goes on to resolve to the speaker.
            names = had | {own}
        wanted["aliases"] = one_of_each([own, *sorted(names)])
        check_lengths(wanted["aliases"], most=MOST_CHARACTERS)
        if version is not None:
            check_version(row, version, wanted)
        if wanted.get("represents") == row:
            raise DecisionRefused(_("A speaker speaks for another, or for nobody else; choose another."))
        _set_names(row, had, wanted.pop("aliases"))
        for column, value in wanted.items():
            setattr(row, column, value)
        row.edited_by = by
        row.save(update_fields=[*wanted, "edited_by"])
    logger.info("edited speaker=%s", row.pk)
    return row


def _set_names(speaker: Speaker, had: set[str], wanted: set[str]) -> None:
    lowered = [name.lower() for name in wanted]
    taken = (
        SpeakerAlias.objects.alias(key_of_name=Lower("name"))
        .filter(key_of_name__in=lowered)
        .exclude(speaker=speaker)
        .select_related("speaker")
        .order_by("pk")
        .first()
    )
    if taken is not None:
        raise DecisionRefused(
            _("“%(name)s” is a name of %(other)s already. Merge the two, or take it from there first.")
            % {"name": taken.name, "other": taken.speaker}
        )
    speaker.aliases.filter(name__in=had - wanted).delete()
    for name in sorted(wanted - had):
        SpeakerAlias.objects.create(speaker=speaker, name=name)


# What forms of other rows share


def given(**fields: Any) -> dict[str, Any]:
    """Return the fields that are not left as they are."""
    return {name: value for name, value in fields.items() if value is not KEPT}


def tidied(text: str) -> str:
    """Return a line of text without spaces at its ends, one where several were, and no control characters."""
    return " ".join("".join(" " if ord(character) < 32 else character for character in text).split())


def one_of_each(names: Iterable[str]) -> set[str]:
    """Return names, the first of those that differ only by case."""
    kept: dict[str, str] = {}
    for name in names:
        kept.setdefault(name.lower(), name)
    return set(kept.values())


def check_lengths(names: Iterable[str], *, most: int) -> None:
    """Raise DecisionRefused for a name of more characters than are kept."""
    for name in names:
        if len(name) > most:
            raise DecisionRefused(
                _("A name has at most %(most)d characters; “%(name)s …” has more.") % {"most": most, "name": name[:60]}
            )


def editing(by: User, reason: str) -> "pghistory.context":
    """Return the context in which the history tells who edited, and why."""
    return pghistory.context(user=by.pk, decision="edit", **({"reason": reason} if reason else {}))
