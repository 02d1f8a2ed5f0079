"""Embargoed documents: they wait, say so, and are imported when their time has come."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command

from sources import importing
from sources.documents import read_documents
from sources.models import Article, ImportItem

pytestmark = pytest.mark.django_db


def test_an_embargoed_document_waits_says_so_and_is_imported_after(tmp_path, monkeypatch):
    text = "The harbour council said on Friday that the ferries would sail again."
    wire = {"uri": "urn:wire:1", "headline": "Ferries", "body_text": text, "embargoed": "2999-05-05T06:00:00Z"}
    path = tmp_path / "wire.json"
    path.write_text(json.dumps(wire))
    run = importing.request_import("wire", documents=read_documents(path, outlet="Gazette", max_bytes=10_000))
    item = run.items.get()
    assert (item.state, item.not_before) == (ImportItem.State.PENDING, datetime(2999, 5, 5, 6, tzinfo=UTC))
    assert item.reason == "Embargoed until 2999-05-05 06:00 UTC; it is imported after that."

    assert not importing.import_next()
    assert not Article.objects.exists()

    ImportItem.objects.update(not_before=datetime.now(UTC) - timedelta(seconds=1))
    assert importing.import_next()
    item.refresh_from_db()
    assert (item.state, item.reason, item.not_before) == (ImportItem.State.IMPORTED, "", None)
    assert Article.objects.get().title == "Ferries"


def test_waiting_for_an_import_does_not_wait_for_its_embargoes(tmp_path, capsys):
    path = tmp_path / "wire.json"
    path.write_text(json.dumps({"uri": "urn:wire:1", "headline": "F", "body_text": "T", "embargoed": "2999-05-05"}))
    call_command("import_articles", str(path), "--outlet", "Gazette", "--wait")
    assert "Embargoed until 2999-05-06 12:00 UTC" in capsys.readouterr().out
