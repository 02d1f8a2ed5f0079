"""Runs while they are read: visible, in chunks, and never silent about what stopped them."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from sources import importing, tasks
from sources.documents import Document, Refusal
from sources.models import Article, ImportItem, ImportRun
from sources.services import runs

pytestmark = pytest.mark.django_db


@pytest.fixture
def chunks_of_two(monkeypatch):
    monkeypatch.setattr(runs, "CHUNK", 2)


def documents(count, *, fail_after=None):
    for number in range(count):
        if number == fail_after:
            raise RuntimeError("the disk is gone")
        yield Document(f"line {number}", f"Text {number}.".encode(), "text/plain", {"outlet": "Gazette", "title": "T"})


def labels(run):
    return list(run.items.order_by("position").values_list("label", flat=True))


def interrupted_run(count=5, fail_after=3):
    with pytest.raises(RuntimeError, match="the disk is gone"):
        importing.request_import("lines", documents=documents(count, fail_after=fail_after), priority=0)
    return ImportRun.objects.get(label="lines")


def test_a_run_that_is_read_is_seen_with_what_it_has(chunks_of_two):
    seen = []

    def look():
        run = ImportRun.objects.being_read().get()
        seen.append((run.documents_read, run.items.count(), importing.import_next()))

    run = importing.request_import("lines", documents=documents(5), stored=look)
    assert seen == [(2, 2, 1), (4, 4, 1), (5, 5, 1)]
    assert not ImportRun.objects.being_read().exists()
    assert (run.documents_read, run.reading_error) == (5, "")


def test_chunks_are_bounded_by_their_bytes(monkeypatch):
    monkeypatch.setattr(runs, "CHUNK_BYTES", 10)
    sizes = []
    importing.request_import("lines", documents=documents(3), stored=lambda: sizes.append(ImportItem.objects.count()))
    assert sizes == [2, 3]


def test_a_run_whose_reading_fails_says_so_and_imports_what_it_has(chunks_of_two):
    run = interrupted_run()
    assert run.read_at is not None
    assert run.reading_error.startswith("Reading stopped after 2 documents: a fault of this site ended it, ")
    assert f"--resume {run.uid}" in run.reading_error
    assert importing.import_next(most=10) == 2


def test_an_interrupted_run_is_resumed_without_doubling_anything(chunks_of_two):
    run = interrupted_run()
    importing.import_next()
    runs.read_into(run, documents(5))
    run.refresh_from_db()
    assert labels(run) == [f"line {n}" for n in range(5)]
    assert (run.documents_read, run.reading_error) == (5, "")
    while importing.import_next(most=10):
        pass
    assert Article.objects.count() == 5


def test_two_readers_of_one_run_store_nothing_twice(chunks_of_two):
    run = interrupted_run()
    other = ImportRun.objects.get(pk=run.pk)
    runs.read_into(run, documents(5))
    with pytest.raises(runs.ReadingTaken, match="it has stored 5 documents, we 2"):
        runs.read_into(other, documents(5))
    assert labels(run) == [f"line {n}" for n in range(5)]
    run.refresh_from_db()
    assert run.reading_error == ""


def test_the_sweep_ends_runs_whose_reader_died(monkeypatch):
    monkeypatch.setattr(tasks.import_items, "delay", lambda: None)
    alive, dead = (runs.open_run(label) for label in ("alive", "dead"))
    ImportRun.objects.filter(pk=dead.pk).update(heard_of_at=timezone.now() - runs.READER_SILENT - timedelta(seconds=1))

    tasks.sweep()

    assert list(ImportRun.objects.being_read()) == [alive]
    dead.refresh_from_db()
    assert "the process that read it is gone" in dead.reading_error


def test_a_reader_that_was_taken_for_dead_goes_on(chunks_of_two, monkeypatch):
    monkeypatch.setattr(runs, "READER_SILENT", timedelta())
    run = importing.request_import("lines", documents=documents(5), stored=runs.end_silent_readings)
    run.refresh_from_db()
    assert (run.documents_read, run.reading_error) == (5, "")


def test_a_run_that_is_cancelled_is_read_no_further(chunks_of_two):
    def cancel():
        importing.cancel_run(ImportRun.objects.get())

    run = importing.request_import("lines", documents=documents(9), stored=cancel)
    assert run.items.counts_by_state() == {"cancelled": 2}
    assert not ImportRun.objects.being_read().exists()


def test_only_the_first_documents_of_a_run_go_before_other_work(monkeypatch):
    monkeypatch.setattr(runs, "FIRST_DOCUMENTS", 2)
    run = importing.request_import("upload", documents=documents(4), priority=importing.PRIORITY_EDITOR)
    assert list(run.items.order_by("position").values_list("priority", flat=True)) == [10, 10, 0, 0]


def test_addresses_found_while_a_run_is_read_get_places_of_their_own(chunks_of_two):
    run = importing.request_import("both", addresses=["https://gazette.example/a"], documents=documents(3))
    assert labels(run) == ["https://gazette.example/a", "line 0", "line 1", "line 2"]
    assert run.documents_read == 3


def test_refusals_are_items_like_others():
    refusals = [Refusal("a", "It is damaged.", b"x"), Refusal("b", "No article.", skipped=True)]
    run = importing.request_import("lines", documents=refusals)
    assert list(run.items.order_by("position").values_list("state", "reason")) == [
        ("failed", "It is damaged."),
        ("skipped", "No article."),
    ]


# The command


@pytest.fixture
def lines(tmp_path, monkeypatch):
    monkeypatch.setattr(tasks.import_items, "delay", lambda: None)
    path = tmp_path / "lines.jsonl"
    path.write_text("".join(f'{{"outlet": "G", "title": "T", "text": "Text {n}."}}\n' for n in range(5)))
    return path


def break_off(run, read):
    """Leave a run as a reader leaves it that died."""
    run.items.filter(position__gt=read).delete()
    ImportRun.objects.filter(pk=run.pk).update(documents_read=read, reading_error="It died.")


def test_the_command_resumes_an_interrupted_run(lines, capsys):
    call_command("import_articles", lines)
    run = ImportRun.objects.get()
    break_off(run, 2)
    call_command("import_articles", lines, resume=run.uid)
    assert labels(run) == [f"lines.jsonl:{n}" for n in range(1, 6)]
    assert f"Import {run.uid}: 5 documents handed to the workers" in capsys.readouterr().out


def test_the_command_resumes_nothing_else(lines, tmp_path):
    call_command("import_articles", lines)
    run = ImportRun.objects.get()
    with pytest.raises(CommandError, match="was read to its end"):
        call_command("import_articles", lines, resume=run.uid)
    break_off(run, 2)
    other = tmp_path / "other.jsonl"
    other.write_text("{}\n")
    with pytest.raises(CommandError, match=r"is of lines\.jsonl; name the same files"):
        call_command("import_articles", other, resume=run.uid)
    with pytest.raises(CommandError, match="There is no import"):
        call_command("import_articles", lines, resume="2f0e6f0c-5d5c-5b8e-9a53-7d3f6f3b8a11")
    assert run.items.count() == 2


def test_a_broker_that_is_away_stops_no_reading(lines, monkeypatch, capsys):
    def refuse():
        raise BrokerError("connection refused")

    monkeypatch.setattr(tasks.import_items, "delay", refuse)
    call_command("import_articles", lines)
    assert ImportRun.objects.get().items.pending().count() == 5
    assert "workers find the documents at their next sweep" in capsys.readouterr().err
