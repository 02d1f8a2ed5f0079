"""Words that programs send to be statements: found in the text, and what is not told of them guessed."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import transaction

from claims import guessing
from claims.annotations import AnnotationRefused, Quoted, ReadAnnotation, ReadTarget, anchor
from claims.api.errors import BodyRefused
from claims.models import Attribution, Claim, Note, Speaker, SpeakerAlias, Statement
from claims.services import annotating
from claims.services.decisions import add_attribution, check_stands
from claims.services.flags import write_note
from claims.services.reading import NOT_FOUND
from sources.models import Article, Revision

NOTE_MAX_CHARACTERS = 2000
_UID = "(?P<uid>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
#: The ends of addresses here.
_OWN_CLAIM, _OWN_STATEMENT = re.compile(f"/claims/{_UID}/"), re.compile(f"/statements/{_UID}/")


def current_text(article: Article) -> Revision:
    """Return the text that an article has now; raises BodyRefused where it has none."""
    revision = Revision.objects.select_related("article").filter(current_of=article).first()
    if revision is None:
        raise BodyRefused({"article": ["The article has no text yet."]})
    return revision


def store_words(told: dict[str, Any], *, by: User) -> Statement:
    """Store what `claims.api.serializers.writing.StatementRequestSerializer` read as a statement."""
    revision: Revision = told.pop("revision", None) or current_text(told.pop("article"))
    if "start" not in told:
        target = ReadTarget(exact=told["exact"], prefix=told.get("prefix", ""), suffix=told.get("suffix", ""))
        place = anchor(target, revision.text, place="exact")
        told["start"], told["end"] = place.start, place.end
    return annotating.annotate(revision, by=by, **with_guesses(revision, told))


def store_annotation(read: ReadAnnotation, article: Article, *, by: User) -> tuple[Statement, int]:
    """Return the statement that a Web Annotation stands for, and 201 where it is new, else 200.

    What it says beside the words is added once: the claims that it names, and as a note what it says of them.
    Raises AnnotationRefused, WordsNotFound, or what storing the statement raises.
    """
    if len(read.targets) > 1:
        own = _own_statement(read, article)
        if own is None:
            raise AnnotationRefused("target", "A statement is one stretch of words; send one target.")
        return own, 200
    revision = current_text(article)
    [target] = read.targets
    place = anchor(target, revision.text)
    same = Statement.objects.filter(revision=revision, start=place.start, end=place.end)
    if earlier := same.exclude(withdrawn_at=None).exclude(withdrawn_reason__startswith=NOT_FOUND).first():
        # What an editor withdrew is brought back by an editor, not by an annotation that is as old.
        check_stands(earlier)
    told: dict[str, Any] = {
        "start": place.start,
        "end": place.end,
        "exact": revision.text[place.start : place.end],
    }
    if speaker := _speaker_named(read.tags):
        told["speaker"] = speaker
    claims = [_claim_of(address) for address in read.claims]
    if len(read.comment) > NOTE_MAX_CHARACTERS:
        raise AnnotationRefused("body", f"A note has at most {NOTE_MAX_CHARACTERS:,} characters.")
    with transaction.atomic():
        try:
            with transaction.atomic():
                statement, code = annotating.annotate(revision, by=by, **with_guesses(revision, told)), 201
        except annotating.StatementExists as exists:
            statement, code = exists.statement, 200
        for claim in claims:
            if not Attribution.objects.filter(statement=statement, claim=claim).exists():
                add_attribution(statement, to=claim, by=by)
        # What this site writes with a statement is its own words again.
        said = {"statement": statement, "text": read.comment, "written_by": by}
        if read.comment and statement.quote not in read.comment and not Note.objects.filter(**said).exists():
            write_note(statement, text=read.comment, by=by)
    return statement, code


def _own_statement(read: ReadAnnotation, article: Article) -> Statement | None:
    """Return the statement that an annotation was written of here."""
    match = _OWN_STATEMENT.search(read.id)
    uid = UUID(match["uid"]) if match else None
    return Statement.objects.filter(uid=uid, revision__article=article, withdrawn_at=None).first() if uid else None


def _speaker_named(tags: Sequence[str]) -> Speaker | None:
    """Return the speaker that the first tag names which names any; tags are of all kinds."""
    for tag in tags:
        alias = SpeakerAlias.objects.filter(name__iexact=tag.strip()).select_related("speaker__merged_into").first()
        if alias is not None:
            return alias.speaker.merged_into or alias.speaker
    return None


def _claim_of(address: str) -> Claim:
    """Return the claim of an address; raises AnnotationRefused where it is none of a claim here."""
    match = _OWN_CLAIM.search(address)
    claim = Claim.objects.filter(uid=UUID(match["uid"])).first() if match else None
    if claim is None:
        raise AnnotationRefused("body", f"“{address[:200]}” is not the address of a claim here.")
    return claim


def with_guesses(revision: Revision, told: dict[str, Any]) -> dict[str, Any]:
    """Return what is told of words, with what is likely where nothing is told."""
    if told.keys() >= {"kind", "cue", "source"} and told.keys() & {"speaker", "speaker_name"}:
        return told
    text = revision.text
    content = annotating.content_of(text, Quoted(told["start"], told["end"], told["exact"]))
    names = _names(revision)
    guess = guessing.guess(text, content, names, language=revision.article.language)
    likely: dict[str, Any] = {"kind": guess.kind}
    for role, span in (("cue", guess.cue), ("source", guess.source)):
        if span is not None:
            likely[role] = Quoted.of(text, span.start, span.end)
    if not told.keys() & {"speaker", "speaker_name"}:
        if guess.speaker is not None:
            likely["speaker_name"] = names[guess.speaker][0]
        elif guess.speaker_name:
            likely["speaker_name"] = guess.speaker_name
    return {**likely, **told}


def _names(revision: Revision) -> dict[int, list[str]]:
    """Return by what names the speakers are known to whom statements of a text are attributed."""
    names: dict[int, list[str]] = defaultdict(list)
    speakers = Statement.objects.filter(revision=revision, withdrawn_at=None, speaker__isnull=False).values("speaker")
    for speaker, own, alias in (
        SpeakerAlias.objects.filter(speaker__in=speakers)
        .order_by("speaker", "pk")
        .values_list("speaker", "speaker__name", "name")
    ):
        if not names[speaker]:
            names[speaker].append(own)
        names[speaker].append(alias)
    return names
