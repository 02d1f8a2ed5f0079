"""The desk at an article of 5,000 statements: how much it asks of the database, and how much it sends."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Attribution, Claim, Speaker, SpeakerAlias, Statement, StatementRelay, StatementSpan
from claims.services import desk
from claims.services.candidates import index_statements
from claims.services.summaries import refresh_corroboration, refresh_outdated
from sources.identity import uid_for
from tests.factories import make_article, make_outlet, make_user

pytestmark = pytest.mark.django_db

#: What may be sent for a page, in bytes, whatever the article has.
MOST_BYTES = {
    "review": 30_000,
    "panel": 25_000,
    "claims": 10_000,
    "speakers": 8_000,
    "article": 400_000,
    "edit": 40_000,
}
MOST_QUERIES = 100


def said(number):
    return f"bridge number {number} in the old harbour of the northern valley stays closed until spring {number % 40}"


def make_large(statements, *, speakers):
    """Make an article of many statements by many speakers, each with a claim that another article reports too."""
    names = [f"Speaker {n} of {statements} in the valley" for n in range(speakers)]
    text = "\n\n".join(f"{names[n % speakers]} said {said(n)}." for n in range(statements))
    article, other = make_article(text), make_article(text, outlet=make_outlet())
    people = [Speaker(uid=uid_for("speaker", name), name=name) for name in names]
    Speaker.objects.bulk_create(people)
    SpeakerAlias.objects.bulk_create(SpeakerAlias(speaker=who, name=who.name, key=who.name.lower()) for who in people)
    rows, claims = [], []
    for n in range(statements):
        claims.append(
            Claim(uid=uid_for("claim", f"{statements} {n}"), speaker=people[n % speakers], text=said(n), method="test")
        )
    Claim.objects.bulk_create(claims)
    for each in (article, other):
        revision, at = each.current_revision, 0
        for n in range(statements):
            at = text.index(said(n), at)
            end = at + len(said(n))
            rows.append(
                Statement(
                    uid=uid_for("statement", str(revision.uid), f"{at}-{end}"),
                    revision=revision,
                    speaker=people[n % speakers],
                    start=at,
                    end=end,
                    content_key=f"{at}-{end}",
                    quote=said(n),
                    terms=sorted(set(said(n).split())),
                    kind="indirect",
                    confidence=0.9,
                    method="test",
                )
            )
    Statement.objects.bulk_create(rows)
    StatementSpan.objects.bulk_create(
        StatementSpan(statement=row, role="content", start=row.start, end=row.end) for row in rows
    )
    relay = make_outlet()
    StatementRelay.objects.bulk_create(
        StatementRelay(statement=row, outlet=relay, start=0, end=1) for row in rows[: statements // 10]
    )
    Attribution.objects.bulk_create(
        Attribution(
            uid=uid_for("attribution", str(row.uid)),
            statement=row,
            claim=claims[n % statements],
            stance="affirms",
            status="proposed",
            score=0.8,
            method="test",
        )
        for n, row in enumerate(rows)
    )
    for first in range(0, len(rows), 1000):
        index_statements(rows[first : first + 1000], article.published_at.date(), "en")
    ids = [claim.pk for claim in claims]
    for first in range(0, len(ids), 200):
        refresh_corroboration(ids[first : first + 200])
    refresh_outdated()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return article


def costs(client, editor, article):
    """Return the queries and the bytes of all that the desk asks of an article, by what it is."""
    statement = article.current_revision.statements.order_by("start")[1]
    text = article.current_revision.text
    start = text.index("old harbour of the northern valley stays closed")
    place = {"revision": 1, "start": start, "end": start + 47}
    found = {}

    def ask(name, address, query=None):
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(address, query)
        assert answer.status_code == 200, name
        found[name] = len(captured), len(answer.content)
        return answer

    page = ask("review", reverse("review"), {"kind": "report"})
    ask("panel", reverse("article_annotate", args=[article.uid]), {**place, "panel": "1"})
    ask("claims", reverse("annotate_claims", args=[article.uid]), place)
    ask("speakers", reverse("annotate_speakers", args=[article.uid]), {"typed": "speaker"})
    ask("article", reverse("article_detail", args=[article.uid]), {"statement": statement.uid})
    ask("edit", reverse("statement_edit", args=[statement.uid]))
    shown = page.context["shown"]
    with CaptureQueriesContext(connection) as captured:
        form = {"token": page.context["token"], "verb": "confirm", "shown": str(shown.shown)}
        assert client.post(reverse("review_decide"), form).status_code == 302
    found["decide"] = len(captured), 0
    with CaptureQueriesContext(connection) as captured:
        desk.undo_action(desk.last_action(editor).token, by=editor)
    found["undo"] = len(captured), 0
    sent = {
        **place,
        "exact": text[start : start + 47],
        "token": page.context["bulk_token"],
        "kind": "indirect",
        "claim": "new",
        "speaker_name": "Somebody else",
    }
    with CaptureQueriesContext(connection) as captured:
        assert client.post(reverse("article_annotate", args=[article.uid]), sent).status_code == 302
    found["annotate"] = len(captured), 0
    return found


def test_the_desk_works_with_5000_statements_by_1000_speakers_in_one_article(client):
    editor = make_user("eve", editor=True)
    client.force_login(editor)
    small = costs(client, editor, make_large(40, speakers=40))
    Attribution.objects.filter(status="proposed").update(
        status="rejected", decided_by=make_user(), decided_at="2020-01-01T00:00Z"
    )
    article = make_large(5000, speakers=1000)
    assert article.current_revision.statements.count() == 5000

    large = costs(client, editor, article)

    print(small, large)
    assert {name: queries for name, (queries, _) in large.items() if queries > small[name][0] + 2} == {}
    assert {name: queries for name, (queries, _) in large.items() if queries > MOST_QUERIES} == {}
    assert {name: size for name, (_, size) in large.items() if size > MOST_BYTES.get(name, 0)} == {}
