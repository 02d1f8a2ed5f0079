"""Documents becoming articles."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, OperationalError, transaction

from sources import importing, tasks
from sources.documents import Document, read_documents
from sources.errors import FAULT_OF_OURS, DocumentRefused
from sources.identity import sha256_hex, uid_for
from sources.models import Article, Derivation, ImportItem, ImportRun, Outlet, Revision, Snapshot
from sources.services import items, outlets
from tests.factories import make_article, make_outlet

pytestmark = pytest.mark.django_db

PAGE = """<html lang="en"><head><title>Dam breaks</title><meta property="og:site_name" content="Gazette">
<meta property="og:title" content="Dam breaks"></head><body><article><h1>Dam breaks</h1>{}</article></body></html>"""


def run_import(*documents):
    run = importing.request_import("test", documents=documents)
    while importing.import_next():
        pass
    return run


def document(text="The dam broke.", media_type="text/plain", **fields):
    record = {"outlet": "Gazette", "title": "Dam breaks", **fields}
    return Document("doc", text.encode(), media_type, {k: v for k, v in record.items() if v})


def outcomes(run):
    return list(run.items.order_by("position").values_list("state", "reason"))


def test_a_document_becomes_an_article_with_snapshot_revision_and_credit():
    text = "\nThe dam broke. 😀\n\n(With inputs from Reuters)"
    run = run_import(document(text, id="a-1", published_at="2020-01-31"))

    article = Article.objects.get()
    assert outcomes(run) == [("imported", "")]
    assert (article.outlet.name, article.external_id, article.identity) == ("Gazette", "a-1", "id:a-1")
    assert article.current_revision.text == text
    assert bytes(article.snapshots.get().body) == text.encode()
    derivation = Derivation.objects.get()
    assert (derivation.upstream_outlet.name, derivation.partial) == ("Reuters", True)
    assert text[derivation.start : derivation.end] == "(With inputs from Reuters)"


def test_importing_twice_changes_nothing():
    documents = [document(id="a"), document("Another text.", url="https://example.org/b"), document("No id at all.")]
    run_import(*documents)
    before = [
        list(model.objects.order_by("pk").values()) for model in (Article, Revision, Snapshot, Derivation, Outlet)
    ]

    again = run_import(*documents)

    assert [state for state, _ in outcomes(again)] == ["skipped"] * 3
    assert "imported already, with the same text" in outcomes(again)[0][1]
    after = [list(model.objects.order_by("pk").values()) for model in (Article, Revision, Snapshot, Derivation, Outlet)]
    assert after == before


def test_ids_follow_from_what_they_name():
    run_import(document(id="a"))
    text = sha256_hex(b"The dam broke.")
    outlet = uid_for("outlet", "gazette")
    article = uid_for("article", str(outlet), "id:a")
    found = Article.objects.values_list("outlet__uid", "uid", "current_revision__uid", "snapshots__uid").get()
    revision, snapshot = uid_for("revision", str(article), text), uid_for("snapshot", str(article), text)
    assert found == (outlet, article, revision, snapshot)


def test_a_changed_text_is_a_new_revision_and_the_old_one_stays():
    run_import(document(id="a"))
    run_import(document("The dam held.", id="a"))
    run_import(document("The dam broke.", id="a"))

    article = Article.objects.get()
    assert list(article.revisions.order_by("number").values_list("number", "text")) == [
        (1, "The dam broke."),
        (2, "The dam held."),
    ]
    assert article.current_revision.number == 1


def test_bad_documents_fail_alone():
    run = run_import(
        document(id="good"),
        document("", id="empty"),
        document("a\0b", id="nul"),
        Document("doc", "Caf\xe9".encode("latin-1"), "text/plain", {"outlet": "G", "title": "T"}),
        Document("doc", b"Text.", "text/plain", {}),
        document("<html><body></body></html>", "text/html", id="page"),
        document("x" * 1_000_001, id="long"),
        document("The end.", id="also good"),
    )
    states = outcomes(run)
    assert [state for state, _ in states] == ["imported", *["failed"] * 6, "imported"]
    reasons = ["has no text", "NUL character", "not UTF-8", "has no outlet", "No article text", "1,000,001 characters"]
    assert all(part in reason for part, (_, reason) in zip(reasons, states[1:-1], strict=True))
    assert Article.objects.count() == Revision.objects.count() == 2
    assert Outlet.objects.count() == 1


def test_a_failed_document_keeps_its_bytes_for_another_try_and_an_imported_one_does_not():
    run = run_import(document("a\0b"), document())
    assert [bool(item.payload) for item in run.items.order_by("position")] == [True, False]


def test_a_page_gives_its_text_and_what_it_says_of_itself():
    paragraphs = "".join(f"<p>Paragraph {n} of the report says that the dam broke in the night.</p>" for n in range(9))
    run = run_import(Document("dam.html", PAGE.format(paragraphs).encode(), "text/html", {}))
    assert outcomes(run) == [("imported", "")]
    article = Article.objects.get()
    assert (article.title, article.outlet.name) == ("Dam breaks", "Gazette")
    assert "Paragraph 8" in article.current_revision.text
    assert article.current_revision.method.startswith("trafilatura ")


def test_a_document_that_keeps_crashing_its_import_is_given_up(monkeypatch, caplog):
    def crash(*args, **kwargs):
        raise RuntimeError("the reader tripped")

    monkeypatch.setattr(items, "read_content", crash)
    run = run_import(document())
    [(state, reason)] = outcomes(run)
    assert (state, reason) == ("failed", f"Given up after 3 attempts. {FAULT_OF_OURS}")
    assert run.items.get().traceback.startswith("Traceback (most recent call last)")
    assert 'raise RuntimeError("the reader tripped")' in run.items.get().traceback


def test_a_lost_database_leaves_the_document_waiting(monkeypatch):
    def fail(*args, **kwargs):
        raise OperationalError("connection lost")

    monkeypatch.setattr(items, "store_articles", fail)
    run = importing.request_import("test", documents=[document()])
    with pytest.raises(OperationalError):
        importing.import_next()
    assert run.items.get().state == ImportItem.State.PENDING


def test_an_emptied_broker_loses_nothing(monkeypatch):
    woken = []
    monkeypatch.setattr(tasks.import_items, "delay", lambda: woken.append(True))
    importing.request_import("test", documents=[document()])
    assert tasks.sweep() == 1
    assert woken == [True]
    monkeypatch.setattr(tasks, "_wake_followers", lambda: None)
    assert tasks.import_items() == 1
    assert tasks.sweep() == 0


def test_an_agency_is_known_by_all_its_names():
    agency = outlets.resolve_outlet("AFP")
    assert (agency.name, agency.kind) == ("Agence France-Presse", "agency")
    assert outlets.resolve_outlet("法新社") == outlets.resolve_outlet("agence france-presse") == agency


def test_an_unknown_outlet_is_made_unreviewed_once():
    assert outlets.resolve_outlet("Hill News") == outlets.resolve_outlet(" hill  news ")
    assert not Outlet.objects.get(name="Hill News").reviewed


def test_outlets_whose_names_share_a_slug_stay_apart():
    assert outlets.resolve_outlet("Hill-News").slug != outlets.resolve_outlet("Hill News").slug


def test_a_list_of_outlets_adds_names_but_leaves_what_editors_set(tmp_path):
    make_outlet("Gazette", kind="newspaper", owner_name="Family")
    path = tmp_path / "outlets.json"
    path.write_text(
        json.dumps([{"name": "Gazette", "kind": "online", "aliases": ["GZ"], "domains": ["Gazette.example"]}])
    )
    [outlet] = outlets.load_outlets(path)
    assert (outlet.kind, outlet.owner_name) == ("newspaper", "Family")
    assert Outlet.objects.known_as("gz").get() == outlet
    assert outlet.domains.get().domain == "gazette.example"


def test_a_broken_list_of_outlets_stores_nothing(tmp_path):
    path = tmp_path / "outlets.json"
    path.write_text('[{"name": "Gazette"}, {"nam": "Courier"}]')
    with pytest.raises(DocumentRefused, match=r"outlets\.json is not a list of outlets"):
        outlets.load_outlets(path)
    assert not Outlet.objects.exists()


@pytest.mark.parametrize("model", [Snapshot, Revision])
def test_snapshots_and_revisions_never_change(model):
    make_article()
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        model.objects.update(sha256="0")
    with pytest.raises(DatabaseError, match="Cannot update or delete rows"), transaction.atomic():
        model.objects.all()._raw_delete("default")


def test_an_outlet_is_stored_once_whatever_its_case():
    make_outlet("Gazette")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_outlet("GAZETTE", kind="newspaper")


def test_the_command_hands_over_and_names_missing_paths(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(tasks.import_items, "delay", lambda: None)
    (tmp_path / "one.txt").write_text("One.")
    call_command("import_articles", tmp_path, outlet="Gazette")
    assert ImportRun.objects.get().items.get().record == {"outlet": "Gazette"}
    assert "1 documents handed to the workers" in capsys.readouterr().out
    with pytest.raises(CommandError, match="No such file or folder: absent"):
        call_command("import_articles", "absent")


def nothing_left(run):
    return 0


def test_the_command_waits_and_reports_each_document(tmp_path, monkeypatch, settings, capsys):
    settings.IMPORT_UNFINISHED = "tests.sources.test_services.nothing_left"

    def work():
        while importing.import_next():
            pass

    monkeypatch.setattr(tasks.import_items, "delay", work)
    path = tmp_path / "articles.jsonl"
    path.write_text('{"outlet": "G", "title": "T", "text": "Text."}\n{"outlet": "G"}\n')
    call_command("import_articles", path, wait=True)
    out = capsys.readouterr().out
    assert "1 imported, 1 failed" in out
    assert "failed articles.jsonl:2: The document has no title" in out


def test_seeds_are_described_without_errors(settings):
    found = list(read_documents(settings.BASE_DIR / "seeds" / "articles.jsonl", max_bytes=10**6))
    assert [type(item) for item in found] == [Document, Document]
