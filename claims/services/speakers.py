"""Speakers across articles: names resolve to one row each, and editors merge rows and take merges back."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pghistory
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import naming
from claims.models import Attribution, Claim, Speaker, SpeakerAlias, SpeakerMerge, Statement
from claims.naming import KnownSpeaker
from claims.services.claims import refresh_sentences
from claims.services.conflicts import refresh_conflicts
from claims.services.locks import MATCHING_LOCK
from claims.services.summaries import CLAIMS_PER_REFRESH, refresh_corroboration
from sources.identity import uid_for

logger = logging.getLogger(__name__)

#: Shared by those who give statements a speaker, exclusive for those who merge speakers.
SPEAKERS_LOCK = 0x5EC0_5FEA
MOST_CHARACTERS = 300


class MergeRefused(Exception):
    """Two speakers cannot be merged, or a merge not undone; the message says why, and nothing was changed."""


class MergeConflict(MergeRefused):
    """Another editor merged one of the two meanwhile."""


# Resolving names


@dataclass(frozen=True)
class Mention:
    """A speaker as an article names it: name, titles ("Ghanaian President") and the country or body spoken for."""

    name: str
    titles: tuple[str, ...] = ()
    represents: str = ""
    kind: str = Speaker.Kind.UNKNOWN


def resolve_speakers(mentions: Iterable[Mention], *, on: date | None = None) -> dict[str, Speaker]:
    """Return the speaker of each mention by its name, made where there is none; never one that was merged away.

    A name stands, in this order, for whom the shipped list has in the office `on` that day, where it is a title alone
    or a family name with one; the speaker who has it as an alias; the one of the list who goes by it; the only speaker
    with an alias that is another spelling of it. A bare family name is nobody's but by an alias. What a speaker
    represents is filled in where it is blank, unless an editor edited the speaker.

    To be called in a transaction, which holds off merges until it ends. The number of queries does not depend on the
    number of names.
    """
    wanted = {mention.name: _tidied(mention) for mention in mentions if mention.name.strip()}
    if not wanted:
        return {}
    principals = [
        Mention(mention.represents, kind=Speaker.Kind.BODY) for mention in wanted.values() if mention.represents
    ]
    by_name: dict[str, Mention] = {}
    for mention in (*wanted.values(), *principals):
        by_name.setdefault(mention.name, mention)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [SPEAKERS_LOCK])
    holders = {name: _holder(mention, on) for name, mention in by_name.items()}
    known = {name: holders[name] or _listed(mention) for name, mention in by_name.items()}
    directory = _Directory(by_name.values(), known.values())

    def find(name: str) -> Speaker | None:
        return directory.find(by_name[name], holder=holders[name], listed=known[name])

    found = {name: find(name) for name in by_name}
    lacking = [by_name[name] for name, speaker in found.items() if speaker is None and known[name] is None]
    if lacking or directory.lacks_shipped():
        directory.add(lacking)
        for name, mention in by_name.items():
            found[name] = find(name) or directory.own(mention)
    resolved = {name: speaker for name, speaker in found.items() if speaker is not None}
    _fill_represented(wanted.values(), resolved)
    return {given: resolved[mention.name] for given, mention in wanted.items()}


def _tidied(mention: Mention) -> Mention:
    name = " ".join(mention.name.split())[:MOST_CHARACTERS]
    country, _ = naming.institution(name)
    represents = " ".join(mention.represents.split())[:MOST_CHARACTERS] or country
    if represents.casefold() == name.casefold():
        represents = ""
    return Mention(name, mention.titles, represents, Speaker.Kind.BODY if country else mention.kind)


def _holder(mention: Mention, on: date | None) -> KnownSpeaker | None:
    """Return who held the office that a mention names alone, or with a family name, on a day."""
    if (known := naming.holder([mention.name], on)) is not None:
        return known
    title, plain = naming.untitled(mention.name)
    if not naming.is_single(naming.key(plain)):
        return None
    return naming.holder([title, *mention.titles], on, country=mention.represents, family=plain)


def _listed(mention: Mention) -> KnownSpeaker | None:
    """Return the speaker of the shipped list who goes by a mention's name."""
    keys = naming.keys(mention.name, represents=mention.represents)
    return next((known for name_key in keys if (known := naming.known_as(name_key)) is not None), None)


class _Directory:
    """The stored speakers that an article's names may mean, fetched at once."""

    def __init__(self, mentions: Iterable[Mention], known: Iterable[KnownSpeaker | None]) -> None:
        self._shipped = {speaker.name: speaker for speaker in known if speaker is not None}
        for speaker in list(self._shipped.values()):
            if speaker.represents and (principal := naming.known_speaker(speaker.represents)) is not None:
                self._shipped[principal.name] = principal
        self._keys = {name_key for each in mentions for name_key in naming.keys(each.name, represents=each.represents)}
        # Also the names that another speaker may have been given.
        self._keys |= {naming.key(name) for speaker in self._shipped.values() for name in speaker.names}
        self._made: dict[str, Speaker] = {}
        self._fetch()

    def _fetch(self) -> None:
        uids = [_uid(name) for name in self._shipped]
        aliases = SpeakerAlias.objects.filter(Q(key__in=self._keys) | Q(speaker__uid__in=uids))
        self._by_name: dict[str, Speaker] = {}
        self._by_key: dict[str, set[Speaker]] = defaultdict(set)
        self._by_uid: dict[UUID, Speaker] = {}
        for alias in aliases.select_related("speaker__merged_into").order_by("pk"):
            speaker = alias.speaker.merged_into or alias.speaker
            self._by_name[alias.name.lower()] = speaker
            self._by_key[alias.key].add(speaker)
            self._by_uid[alias.speaker.uid] = speaker

    def lacks_shipped(self) -> bool:
        """Return whether a speaker of the shipped list that is meant, or a name of one, is not stored yet.

        What names a speaker has that an editor edited is for editors to say.
        """
        return any(
            name.lower() not in self._by_name
            for known in self._shipped.values()
            if (speaker := self._by_uid.get(_uid(known.name))) is None or speaker.edited_by_id is None
            for name in known.names
        )

    def find(self, mention: Mention, *, holder: KnownSpeaker | None, listed: KnownSpeaker | None) -> Speaker | None:
        if holder is None and (speaker := self._by_name.get(mention.name.lower())) is not None:
            return speaker
        if listed is not None:
            return self._by_name.get(listed.name.lower()) or self._by_uid.get(_uid(listed.name))
        first, *others = naming.keys(mention.name, represents=mention.represents) or [""]
        for name_key in (first, *(other for other in others if not naming.is_single(other))):
            speakers = self._by_key.get(name_key, set())
            if len(speakers) == 1:
                return next(iter(speakers))
            if speakers:
                return None
        return None

    def own(self, mention: Mention) -> Speaker | None:
        """Return the speaker that was made for a mention, also where its name became an alias of nobody."""
        return self._made.get(mention.name)

    def add(self, mentions: Sequence[Mention]) -> None:
        """Store the shipped speakers that are meant, and a speaker of its own for each of `mentions` without one."""
        own = {mention.name: mention.kind for mention in mentions if mention.name not in self._shipped}
        wanted = {known.name: known.kind for known in self._shipped.values()} | own
        speakers = [
            Speaker(
                uid=_uid(name),
                name=name,
                kind=kind,
                wikidata_id=self._shipped[name].wikidata_id if name in self._shipped else "",
            )
            for name, kind in wanted.items()
        ]
        # In order of their ids: two workers that store the same ones wait for each other rather than deadlock.
        Speaker.objects.bulk_create(sorted(speakers, key=lambda speaker: speaker.uid), ignore_conflicts=True)
        stored = {
            speaker.uid: speaker
            for speaker in Speaker.objects.select_related("merged_into").filter(uid__in=[s.uid for s in speakers])
        }
        self._made = {name: stored[_uid(name)].merged_into or stored[_uid(name)] for name in wanted}
        aliases = {name.lower(): (self._made[name], name) for name in own}
        for known in self._shipped.values():
            if self._made[known.name].edited_by_id is None:
                aliases |= {name.lower(): (self._made[known.name], name) for name in known.names}
        SpeakerAlias.objects.bulk_create(
            (
                SpeakerAlias(speaker=speaker, name=name, key=naming.key(name))
                for lowered, (speaker, name) in sorted(aliases.items())
                if lowered not in self._by_name
            ),
            ignore_conflicts=True,
        )
        self._fill_shipped()
        self._fetch()

    def _fill_shipped(self) -> None:
        """Give the shipped speakers that were stored under an article's name what the list knows of them."""
        changed = []
        for known in self._shipped.values():
            speaker = self._made[known.name]
            if speaker.edited_by_id is not None:
                continue
            before = (speaker.kind, speaker.wikidata_id, speaker.represents_id)
            if speaker.kind == Speaker.Kind.UNKNOWN:
                speaker.kind = known.kind
            speaker.wikidata_id = speaker.wikidata_id or known.wikidata_id
            principal = self._made.get(known.represents)
            if speaker.represents_id is None and principal is not None and principal.pk != speaker.pk:
                speaker.represents = principal
            if (speaker.kind, speaker.wikidata_id, speaker.represents_id) != before:
                changed.append(speaker)
        changed.sort(key=lambda speaker: speaker.pk)
        Speaker.objects.bulk_update(changed, ["kind", "wikidata_id", "represents"])


def _uid(name: str) -> UUID:
    return uid_for("speaker", name.casefold())


def _fill_represented(mentions: Iterable[Mention], resolved: dict[str, Speaker]) -> None:
    changed = {}
    for mention in mentions:
        speaker, principal = resolved[mention.name], resolved.get(mention.represents)
        if (
            principal is not None
            and speaker.represents_id is None
            and speaker.edited_by_id is None
            and principal.pk != speaker.pk
        ):
            speaker.represents = principal
            changed[speaker.pk] = speaker
    Speaker.objects.bulk_update([changed[pk] for pk in sorted(changed)], ["represents"])


def store_shipped_speakers() -> int:
    """Store every speaker of the shipped list, with the names that are free, and return how many there are."""
    with transaction.atomic():
        return len(resolve_speakers([Mention(known.name, kind=known.kind) for known in naming.shipped_speakers()]))


# Merging

#: Names that are compared, and shown to an editor, as possibly another's.
MOST_COMPARED = 500


def possible_duplicates(speaker: Speaker) -> list[Speaker]:
    """Return standing speakers whose names may be this one's: other spellings, initials. An editor decides."""
    mine = list(speaker.aliases.values_list("name", "key"))
    last_words = {name_key.split()[-1] for _, name_key in mine if " " in name_key}
    alike = Q(key__in=[name_key for _, name_key in mine])
    for word in last_words:
        alike |= Q(key__endswith=f" {word}")
    others = (
        SpeakerAlias.objects.filter(alike, speaker__merged_into=None)
        .exclude(speaker=speaker)
        .select_related("speaker")
        .order_by("speaker__name", "pk")[:MOST_COMPARED]
    )
    found = {other.speaker: None for other in others if any(naming.same_name(other.name, name) for name, _ in mine)}
    return list(found)


def merge_speakers(speaker: Speaker, *, into: Speaker, by: User) -> SpeakerMerge:
    """Give all that is `speaker`'s to `into` and leave a redirect; returns the record to undo it by.

    Raises MergeConflict where one of the two was merged meanwhile, MergeRefused where they cannot be one.
    """
    if speaker.pk == into.pk:
        raise MergeRefused(_("A speaker is not merged into itself; choose two."))
    with transaction.atomic(), pghistory.context(user=by.pk, decision="merge speakers"):
        lock_speakers()
        rows = (
            Speaker.objects.select_related("merged_into")
            .select_for_update(of=("self",))
            .in_bulk(sorted((speaker.pk, into.pk)))
        )
        for asked in (speaker, into):
            if asked.pk not in rows:
                raise MergeConflict(_("“%(speaker)s” is not there any more.") % {"speaker": asked})
        gone, kept = rows[speaker.pk], rows[into.pk]
        for row in (gone, kept):
            if row.merged_into is not None:
                raise MergeConflict(
                    _("“%(speaker)s” was merged into “%(other)s” meanwhile; look again, then decide.")
                    % {"speaker": row, "other": row.merged_into}
                )
        if gone.wikidata_id and kept.wikidata_id and gone.wikidata_id != kept.wikidata_id:
            raise MergeRefused(
                _(
                    "“%(speaker)s” is %(id)s in Wikidata and “%(other)s” is %(other_id)s: two speakers. "
                    "Correct one of the ids first if that is wrong."
                )
                % {"speaker": gone, "id": gone.wikidata_id, "other": kept, "other_id": kept.wikidata_id}
            )
        affected = _claims_of(gone, kept)
        moved = moving(gone)
        merge = SpeakerMerge(
            speaker=gone,
            into=kept,
            **{name: _ids(rows) for name, rows in moved.items() if name != "represented"},
            represented=_ids(moved["represented"].exclude(pk=kept.pk)),
            filled=_fill(kept, gone),
            merged_by=by,
        )
        merge.save()
        _hand_over(merge, kept)
        gone.merged_into = kept
        gone.save(update_fields=["merged_into"])
        _refresh(affected)
    logger.info("merged speaker=%s into=%s statements=%d", gone.pk, kept.pk, len(merge.statements))
    return merge


def moving(speaker: Speaker) -> dict[str, "QuerySet[Any]"]:
    """Return what a merge of a speaker into another gives that one, as `SpeakerMerge` lists it."""
    return {
        "statements": Statement.objects.filter(speaker=speaker),
        "claims": Claim.objects.filter(speaker=speaker),
        "aliases": SpeakerAlias.objects.filter(speaker=speaker),
        "represented": Speaker.objects.filter(represents=speaker),
        "redirected": Speaker.objects.filter(merged_into=speaker),
    }


def unmerge_speakers(speaker: Speaker, *, by: User) -> SpeakerMerge:
    """Undo the merge of `speaker` into another: all that moved and is still where it moved to comes back.

    Statements read since under one of its names come along. Raises MergeRefused where it was not merged, or where the
    other was merged on since.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, decision="unmerge speakers"):
        lock_speakers()
        merge = (
            SpeakerMerge.objects.select_related("speaker", "into__merged_into")
            .filter(speaker=speaker, undone_at=None)
            .first()
        )
        if merge is None:
            raise MergeRefused(_("“%(speaker)s” is not merged into another speaker.") % {"speaker": speaker})
        gone, kept = merge.speaker, merge.into
        if kept.merged_into is not None:
            raise MergeRefused(
                _("“%(speaker)s” was merged into “%(other)s” since; undo that first.")
                % {"speaker": kept, "other": kept.merged_into}
            )
        since = _read_since(merge)
        affected = _claims_of(gone, kept, statements=[*merge.statements, *since])
        gone.merged_into = None
        gone.save(update_fields=["merged_into"])
        _hand_over(merge, gone, held_by=kept)
        Statement.objects.filter(pk__in=since).update(speaker=gone)
        _unfill(merge)
        merge.undone_by, merge.undone_at = by, timezone.now()
        merge.save(update_fields=["undone_by", "undone_at"])
        new_reports = Attribution.objects.filter(statement__in=since).exclude(claim__in=merge.claims)
        refresh_sentences(list(Claim.objects.filter(pk__in=new_reports.values("claim"))))
        _refresh(affected)
    logger.info("unmerged speaker=%s from=%s", gone.pk, kept.pk)
    return merge


def _read_since(merge: SpeakerMerge) -> list[int]:
    """Return the statements read since a merge whose speaker is named as the merged one is, not as the other."""
    read = Statement.objects.filter(speaker=merge.into_id, created_at__gte=merge.merged_at)
    mine: set[str] = set()
    others: set[str] = set()
    for pk, name_key in SpeakerAlias.objects.filter(speaker=merge.into_id).values_list("pk", "key"):
        (mine if pk in merge.aliases else others).add(name_key)
    names = [
        name
        for name in read.order_by().values_list("speaker_name", flat=True).distinct()
        if (name_key := next((k for k in naming.keys(name) if k in mine | others), "")) in mine - others
    ]
    return _ids(read.filter(speaker_name__in=names))


def lock_speakers() -> None:
    """Wait until nobody gives statements a speaker or claims a statement, and let nobody until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s), pg_advisory_xact_lock(%s)", [SPEAKERS_LOCK, MATCHING_LOCK])


def _ids(rows: "QuerySet[Any]") -> list[int]:
    return sorted(rows.values_list("pk", flat=True))


def _hand_over(merge: SpeakerMerge, to: Speaker, *, held_by: Speaker | None = None) -> None:
    """Give what a merge lists to a speaker; with `held_by`, only what that one has still."""
    for rows, field, ids in (
        (Statement.objects.all(), "speaker", merge.statements),
        (Claim.objects.all(), "speaker", merge.claims),
        (SpeakerAlias.objects.all(), "speaker", merge.aliases),
        (Speaker.objects.all(), "represents", merge.represented),
        (Speaker.objects.all(), "merged_into", merge.redirected),
    ):
        found = rows.filter(pk__in=ids)
        if held_by is not None:
            found = found.filter(**{field: held_by})
        found.update(**{field: to}, **({"updated_at": timezone.now()} if found.model is Claim else {}))


def _fill(kept: Speaker, gone: Speaker) -> dict[str, list[str | int | None]]:
    """Give a speaker what it lacks of the other's, and return by field the value that it had and the one it has."""
    had = {name: getattr(kept, name) for name in ("kind", "wikidata_id", "represents_id")}
    if kept.kind == Speaker.Kind.UNKNOWN:
        kept.kind = gone.kind
    kept.wikidata_id = kept.wikidata_id or gone.wikidata_id
    if kept.represents_id in (None, gone.pk):
        kept.represents_id = gone.represents_id if gone.represents_id != kept.pk else None
    kept.save(update_fields=["kind", "wikidata_id", "represents"])
    return {name: [value, getattr(kept, name)] for name, value in had.items() if value != getattr(kept, name)}


def _unfill(merge: SpeakerMerge) -> None:
    """Take back what a speaker took over from the other, unless an editor has changed it since."""
    kept = Speaker.objects.get(pk=merge.into_id)
    for name, (had, took) in merge.filled.items():
        if getattr(kept, name) == took:
            setattr(kept, name, had)
    kept.save(update_fields=["kind", "wikidata_id", "represents"])


def _claims_of(gone: Speaker, kept: Speaker, *, statements: Sequence[int] | None = None) -> list[int]:
    """Return the claims whose corroboration may change, locked in order of their ids, as everybody locks them.

    Who speaks matters to a report where its article relays another statement of the same speaker, so these are the
    claims of both speakers in the articles that have statements which move, besides those that move.
    """
    moving = (
        Statement.objects.filter(speaker=gone) if statements is None else Statement.objects.filter(pk__in=statements)
    )
    both = Attribution.objects.filter(
        statement__speaker__in=[gone, kept], statement__revision__in=moving.values("revision")
    )
    return list(
        Claim.objects.filter(Q(pk__in=both.values("claim")) | Q(speaker=gone))
        .order_by("pk")
        .select_for_update()
        .values_list("pk", flat=True)
    )


def _refresh(claim_ids: Sequence[int]) -> None:
    for first in range(0, len(claim_ids), CLAIMS_PER_REFRESH):
        some = claim_ids[first : first + CLAIMS_PER_REFRESH]
        refresh_conflicts(some)
        refresh_corroboration(some)
