"""Suggestions to an editor who annotates an article: who speaks, and which claims the words may carry."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Q

from claims import naming
from claims.extraction import Span
from claims.extraction.foreign import detect
from claims.guessing import Guess, guess
from claims.matching import PROPOSE, terms
from claims.models import Claim, Speaker, Statement
from claims.services.candidates import find_claims, sample_reports, wording_code
from claims.services.joining import Report, Scores, as_report
from claims.services.reading import JOINT
from sources.models import Revision

#: Claims and speakers that are offered; claims that are scored, of those that share most words.
MOST_CLAIMS, MOST_SPEAKERS, MOST_SCORED = 4, 8, 8
#: Speakers of one article that its words are searched for.
MOST_MENTIONED = 60


@dataclass(frozen=True)
class Suggestion:
    """A claim that words may carry. score: of the nearest of its reports, 0 to 1; parts: what that is made of."""

    claim: Claim
    score: float
    parts: dict[str, float]


def mentioned_speakers(revision: Revision) -> list[Speaker]:
    """Return who speaks in a text with their names fetched, those with the most statements first."""
    speaking = Q(statements__revision=revision, statements__withdrawn_at=None)
    return list(
        Speaker.objects.filter(speaking)
        .annotate(said=Count("statements", filter=speaking))
        .prefetch_related("aliases")
        .order_by("-said", "pk")[:MOST_MENTIONED]
    )


def find_speakers(revision: Revision, typed: str) -> list[Speaker]:
    """Return MOST_SPEAKERS whose name or alias fits what was typed so far, those of the article first.

    With nothing typed, the article's own.
    """
    own = mentioned_speakers(revision)
    wanted = " ".join(typed.split()).casefold()
    if not wanted:
        return own[:MOST_SPEAKERS]
    here = [
        speaker
        for speaker in own
        if any(wanted in name.casefold() for name in (speaker.name, *(alias.name for alias in speaker.aliases.all())))
    ]
    if len(here) >= MOST_SPEAKERS:
        return here[:MOST_SPEAKERS]
    others = Speaker.objects.standing().exclude(pk__in=[speaker.pk for speaker in here])
    begins = Q(name__istartswith=wanted) | Q(aliases__name__istartswith=wanted) | Q(aliases__key=naming.key(typed))
    found = list(others.filter(begins).distinct().order_by("name", "pk")[: MOST_SPEAKERS - len(here)])
    if len(here) + len(found) < MOST_SPEAKERS:
        rest = others.exclude(pk__in=[speaker.pk for speaker in found]).search(wanted).order_by("name", "pk")
        found += rest[: MOST_SPEAKERS - len(here) - len(found)]
    return here + found


def guess_statement(revision: Revision, content: Sequence[Span]) -> tuple[Guess, Speaker | None]:
    """Return what is likely told of words of a text, and its speaker where that is one of the article's."""
    speakers = {speaker.pk: speaker for speaker in mentioned_speakers(revision)}
    names = {pk: [each.name, *(alias.name for alias in each.aliases.all())] for pk, each in speakers.items()}
    language = revision.article.language or detect(revision.text)
    guessed = guess(revision.text, content, names, language=language)
    return guessed, speakers.get(guessed.speaker) if guessed.speaker is not None else None


def suggest_claims(
    revision: Revision,
    content: Sequence[Span],
    speaker: Speaker | None,
    *,
    denies: bool = False,
    besides: Statement | None = None,
) -> list[Suggestion]:
    """Return the claims that words in a speaker's mouth may carry, the nearest first, MOST_CLAIMS at most.

    They are found and scored as the matcher does it. besides: a statement whose claims are not suggested. The number of
    queries does not depend on the number of claims.
    """
    published_at = revision.article.published_at
    published = published_at.date() if published_at else None
    quote = JOINT.join(revision.text[span.start : span.end] for span in content)
    # Not a row yet; its id is no statement's.
    words = Statement(
        pk=0, revision=revision, speaker=speaker, quote=quote, terms=sorted(set(terms(quote))), denies=denies
    )
    near = find_claims([words], published)[0]
    carried = set(besides.attributions.values_list("claim", flat=True)) if besides is not None else set()
    near = [pk for pk in near if pk not in carried][:MOST_SCORED]
    sample = sample_reports(near)
    statements = (
        Statement.objects.select_related("speaker__represents", "revision__article")
        .defer("revision__text")
        .in_bulk([statement for _, statement in sample])
    )
    asked = as_report(words, wording_code(words.speaker_id, quote, published), published)
    reports: dict[int, list[Report]] = {pk: [] for pk in near}
    for pk, statement_id in sample:
        statement = statements[statement_id]
        at = statement.revision.article.published_at
        day = at.date() if at else None
        reports[pk].append(as_report(statement, wording_code(statement.speaker_id, statement.quote, day), day))
    scores = Scores()
    scores.score((asked, report) for found in reports.values() for report in found)
    claims = Claim.objects.with_summary().in_bulk(near)
    suggested = []
    for pk in near:
        nearest = scores.nearest(asked, reports[pk])
        if nearest is not None and nearest.value >= PROPOSE:
            suggested.append(Suggestion(claims[pk], nearest.value, nearest.parts))
    return sorted(suggested, key=lambda each: (-each.score, each.claim.pk))[:MOST_CLAIMS]
