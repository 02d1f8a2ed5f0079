"""Making claims of statements and adding reports to them."""

import uuid
from collections.abc import Iterable, Sequence

from django.db.models import F
from django.db.models.functions import Substr
from django.utils import timezone

from claims.matching import MATCHER_VERSION
from claims.matching.sentences import as_sentence, clearest
from claims.models import Attribution, Claim, Statement, StatementSpan
from sources.identity import uid_for

#: Characters between a cue and what it leads up to: a space and a mark, but no word such as "that".
MOST_APART = 2


def create_claims(founders: Sequence[Statement], *, method: str = MATCHER_VERSION) -> list[Claim]:
    """Make a claim of each statement, which affirms it; topics and corroboration are the caller's to refresh.

    A claim's id follows from its founder's, so a wiped database that imports the same articles in the same order gives
    the same ids.
    """
    uids = [uid_for("claim", str(founder.uid)) for founder in founders]
    # A statement that founded a claim before was moved away from it by an editor.
    taken = set(Claim.objects.filter(uid__in=uids).values_list("uid", flat=True))
    cues = _cues(founder.pk for founder in founders)
    claims = Claim.objects.bulk_create(
        Claim(
            uid=uuid.uuid4() if uid in taken else uid,
            speaker=founder.speaker,
            text=as_sentence(founder.quote, denied=founder.denies, cue=cues.get(founder.pk, "")),
            language=founder.revision.article.language,
            said_on=founder.said_on,
            method=method,
        )
        for uid, founder in zip(uids, founders, strict=True)
    )
    add_reports(
        report(claim, founder, score=1.0, method=method) for claim, founder in zip(claims, founders, strict=True)
    )
    return claims


def report(
    claim: Claim,
    statement: Statement,
    *,
    score: float,
    sub_scores: dict[str, float] | None = None,
    stance: str = Attribution.Stance.AFFIRMS,
    method: str = MATCHER_VERSION,
) -> Attribution:
    """Return a proposal, not stored yet, that `statement` carries `claim`."""
    return Attribution(
        uid=uid_for("attribution", str(statement.uid), str(claim.uid)),
        statement=statement,
        claim=claim,
        stance=stance,
        score=score,
        sub_scores=sub_scores or {},
        method=method,
    )


def add_reports(reports: Iterable[Attribution]) -> None:
    """Store proposals; an attribution that exists stays as it is, whoever decided it."""
    Attribution.objects.bulk_create(reports, ignore_conflicts=True)


def refresh_sentences(claims: Sequence[Claim]) -> None:
    """Give each claim the sentence and the speaker of its clearest report, unless an editor wrote its sentence."""
    reports: dict[int, list[tuple[str, int, int | None, bool]]] = {claim.pk: [] for claim in claims}
    for claim_id, *said in (
        Attribution.objects.counted()
        .affirming()
        .filter(claim__in=reports)
        .order_by("created_at", "pk")
        .values_list("claim_id", "statement__quote", "statement_id", "statement__speaker_id", "statement__denies")
    ):
        reports[claim_id].append(tuple(said))
    chosen = {
        claim: reports[claim.pk][clearest([quote for quote, *_ in reports[claim.pk]])]
        for claim in claims
        if claim.text_by_id is None and reports[claim.pk]
    }
    cues = _cues(statement for _, statement, _, _ in chosen.values())
    changed = []
    for claim, (quote, statement, speaker, denies) in chosen.items():
        text = as_sentence(quote, denied=denies, cue=cues.get(statement, ""))
        speaker_id = speaker or claim.speaker_id
        if (text, speaker_id) != (claim.text, claim.speaker_id):
            claim.text, claim.speaker_id, claim.updated_at = text, speaker_id, timezone.now()
            changed.append(claim)
    Claim.objects.bulk_update(changed, ["text", "speaker", "updated_at"])


def _cues(statements: Iterable[int]) -> dict[int, str]:
    """Return the words that lead up to a statement without a break, by its id, where it is not quoted in full.

    "called on the movement to leave": what was said is more than the content, "the movement to leave".
    """
    spans = StatementSpan.objects.filter(
        statement__in=set(statements),
        role=StatementSpan.Role.CUE,
        end__lte=F("statement__start"),
        end__gte=F("statement__start") - MOST_APART,
    ).exclude(statement__kind=Statement.Kind.DIRECT)
    words = Substr("statement__revision__text", F("start") + 1, F("end") - F("start"))
    return dict(spans.order_by("start").values_list("statement_id", words))
