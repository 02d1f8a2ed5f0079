"""Pages of imports, and snapshots as they came."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sources.models import ImportItem, ImportRun, Snapshot
from tests.factories import make_article

pytestmark = pytest.mark.django_db


def make_run(*states: str) -> ImportRun:
    run = ImportRun.objects.create(label="articles.jsonl")
    for position, state in enumerate(states, start=1):
        ImportItem.objects.create(
            run=run,
            position=position,
            label=f"articles.jsonl:{position}",
            state=state,
            reason=f"<b>The text is empty.</b> {position}" if state in ("failed", "skipped") else "",
            finished_at=None if state == "pending" else timezone.now(),
            article=make_article() if state == "imported" else None,
        )
    return run


def test_a_snapshot_is_served_as_it_came_and_never_as_a_page(client):
    article = make_article()
    body = b"<script>alert(1)</script>\x00\xff\r\n"
    snapshot = Snapshot.objects.create(
        article=article, body=body, media_type="text/html", sha256="ab" * 32, captured_at=timezone.now()
    )

    response = client.get(f"/snapshots/{snapshot.uid}/")

    assert response.content == body
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == 'attachment; filename="abababababababab.html"'
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_snapshot_is_linked_from_its_article_with_its_hash(client):
    article = make_article()
    snapshot = article.snapshots.get()

    page = client.get(article.get_absolute_url()).content.decode()

    assert f'href="/snapshots/{snapshot.uid}/"' in page
    assert snapshot.sha256 in page


def test_runs_are_listed_with_counts_by_state(client):
    make_run("imported", "imported", "skipped", "failed", "pending")

    ((run, unlisted),) = client.get("/imports/").context["runs"]

    assert unlisted == 0
    assert (run.item_count, run.imported_count, run.skipped_count) == (5, 2, 1)
    assert (run.failed_count, run.pending_count) == (1, 1)


def test_a_run_says_why_a_document_failed(client):
    run = make_run("imported", "failed")

    page = client.get(f"/imports/{run.uid}/?state=failed").content.decode()

    assert "&lt;b&gt;The text is empty.&lt;/b&gt; 2" in page
    assert "articles.jsonl:1" not in page


def test_an_unknown_state_shows_all_documents(client):
    run = make_run("imported", "failed")

    assert len(client.get(f"/imports/{run.uid}/?state=lost").context["page"]) == 2


def test_an_empty_list_says_how_to_import(client):
    assert "import_articles" in client.get("/imports/").content.decode()


@pytest.mark.parametrize("page", ["list", "detail"])
def test_imports_take_as_many_queries_for_twenty_as_for_one(client, page):
    def count(run: ImportRun) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/imports/" if page == "list" else f"/imports/{run.uid}/").status_code == 200
        return len(queries)

    one = count(make_run("imported"))
    many = make_run(*["imported"] * 20)
    for _ in range(18):
        make_run("failed")

    assert count(many) == one
