"""The pages on which editors import and watch imports: who may do what, what is refused, and how it is said."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.roles import Role
from sources import importing, tasks
from sources.models import Feed, ImportItem, ImportRun
from tests.accounts.conftest import make_person
from tests.factories import make_article, make_outlet, make_user

pytestmark = pytest.mark.django_db

HOSTILE = "<script>alert(1)</script>"
PASTED = {
    "outlet": "The Gazette",
    "title": "Dredging ahead",
    "published_at": "2020-01-31",
    "text": "Ms Ruiz said:\r\n“The river will be dredged.”",
}


def make_editor(name: str = ""):
    user = make_user(name)
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="sources", codename__in=["add_importrun", "add_feed", "change_feed"]
        )
    )
    return user


@pytest.fixture
def woken(monkeypatch) -> list[str]:
    """Give the wake-ups that were sent."""
    sent: list[str] = []
    monkeypatch.setattr(tasks.import_items, "delay", lambda: sent.append("import_items"))
    return sent


@pytest.fixture
def editor(client, woken, django_capture_on_commit_callbacks):
    """Give the client of an editor, for whom everything is committed at once."""
    client.force_login(make_editor("ed"))
    send = client.post

    def post(*args, **kwargs):
        with django_capture_on_commit_callbacks(execute=True):
            return send(*args, **kwargs)

    client.post = post
    return client


def make_run(*states: str, **fields) -> ImportRun:
    run = ImportRun.objects.create(**{"label": "articles.jsonl", "read_at": timezone.now(), **fields})
    for position, state in enumerate(states, start=1):
        waits = state == "pending"
        ImportItem.objects.create(
            run=run,
            position=position,
            label=f"articles.jsonl:{position}",
            media_type="text/plain",
            payload=b"A text.",
            state=state,
            reason="" if state in ("pending", "imported") else f"Reason {position}.",
            finished_at=None if waits else timezone.now(),
            article=make_article() if state == "imported" else None,
        )
    return run


def make_feed(**fields) -> Feed:
    return Feed.objects.create(**{"url": f"https://example.org/{uuid4().hex}.xml", **fields})


def text_of(response) -> str:
    return response.content.decode()


# Who may


@pytest.fixture
def addresses():
    run, feed = make_run("failed", "pending"), make_feed()
    return {
        "read": ["/imports/", f"/imports/{run.uid}/", f"/imports/{run.uid}/failures.jsonl", "/feeds/"],
        "form": ["/imports/new/"],
        "write": [
            "/imports/new/",
            f"/imports/{run.uid}/cancel/",
            f"/imports/{run.uid}/retry/",
            "/feeds/",
            f"/feeds/{feed.uid}/pause/",
            f"/feeds/{feed.uid}/resume/",
            f"/feeds/{feed.uid}/poll/",
        ],
    }


def test_anyone_reads_and_only_who_signed_in_gets_further(client, addresses):
    for address in addresses["read"]:
        assert client.get(address).status_code == 200, address
    for address in addresses["form"]:
        assert client.get(address).status_code == 302, address
    for address in addresses["write"]:
        response = client.post(address, {"addresses": "https://example.org/1", "url": "https://example.org/f"})
        assert response.status_code == 302, address
        assert response["Location"].startswith("/accounts/login/?next="), address
    assert (ImportRun.objects.count(), Feed.objects.count()) == (1, 1)
    assert ImportItem.objects.pending().count() == 1


def test_an_account_without_the_permission_reads_but_does_not_write(client, addresses):
    client.force_login(make_user(editor=True))

    for address in addresses["read"]:
        assert client.get(address).status_code == 200, address
    for address in addresses["form"]:
        assert client.get(address).status_code == 403, address
    for address in addresses["write"]:
        response = client.post(address, {"addresses": "https://example.org/1", "url": "https://example.org/f"})
        assert response.status_code == 403, address
    assert (ImportRun.objects.count(), Feed.objects.count()) == (1, 1)
    assert Feed.objects.get().active


def test_readers_are_offered_nothing_that_they_may_not_do(client, addresses):
    for address in addresses["read"]:
        page = text_of(client.get(address)) if address.endswith("/") else ""
        assert "Import articles" not in page
        assert "Try" not in page
        assert "Cancel the rest" not in page
        assert "Pause" not in page


def test_a_permission_to_import_is_none_to_change_feeds(client, addresses):
    user = make_user()
    user.user_permissions.set(Permission.objects.filter(codename="add_importrun"))
    client.force_login(user)

    assert client.get("/imports/new/").status_code == 200
    assert client.post("/feeds/", {"url": "https://example.org/f"}).status_code == 403
    for address in addresses["write"][-3:]:
        assert client.post(address).status_code == 403


def test_a_form_from_another_site_is_refused(addresses):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_editor())

    for address in addresses["write"]:
        assert client.post(address, {"addresses": "https://example.org/1"}).status_code == 403, address
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize("verb", ["put", "patch", "delete"])
def test_no_page_knows_other_verbs(editor, addresses, verb):
    for address in addresses["read"] + addresses["write"]:
        assert getattr(editor, verb)(address).status_code == 405, address


def test_nothing_is_written_by_following_a_link(editor, addresses):
    for address in addresses["write"]:
        if address not in ("/imports/new/", "/feeds/"):
            assert editor.get(address).status_code == 405, address


@pytest.mark.parametrize("suffix", ["", "cancel/", "retry/", "failures.jsonl"])
def test_an_import_that_does_not_exist_is_not_found(editor, suffix):
    verb = editor.post if suffix in ("cancel/", "retry/") else editor.get

    assert verb(f"/imports/{uuid4()}/{suffix}").status_code == 404


# Handing in


def test_a_pasted_text_becomes_a_run_and_wakes_the_workers(editor, woken):
    response = editor.post("/imports/new/", PASTED)

    item = ImportItem.objects.get()
    assert response["Location"] == f"/imports/{item.run.uid}/"
    assert item.run.label == item.label == "Dredging ahead"
    assert item.run.requested_by.username == "ed"
    assert item.run.priority == importing.PRIORITY_EDITOR
    assert bytes(item.payload) == "Ms Ruiz said:\n“The river will be dredged.”".encode()
    assert item.record == {"outlet": "The Gazette", "title": "Dredging ahead", "published_at": "2020-01-31"}
    assert woken == ["import_items"]


def test_addresses_are_taken_once_each_in_their_one_form(editor):
    lines = "https://Example.org/a?utm_source=x\n\n  https://example.org/b \r\nhttps://example.org/a\n"

    editor.post("/imports/new/", {"addresses": lines})

    run = ImportRun.objects.get()
    assert run.label == "https://example.org/a and 1 more"
    assert list(run.items.order_by("position").values_list("url", "state")) == [
        ("https://example.org/a", "pending"),
        ("https://example.org/b", "pending"),
    ]


def test_files_become_documents_and_bad_ones_failed_rows(editor):
    good = json.dumps({"outlet": "Herald", "title": "A title", "text": "A text."})
    files = [
        SimpleUploadedFile("articles.jsonl", f"{good}\n{{broken\n".encode()),
        SimpleUploadedFile("note.txt", b"Ms Ruiz said it."),
        SimpleUploadedFile("note.txt", b"Mr Ruiz said it."),
        SimpleUploadedFile("picture.xyz", b"\x89PNG"),
        SimpleUploadedFile(".hidden.txt", b"Seen all the same."),
        SimpleUploadedFile("ž" * 200 + ".txt", b"A long name."),
    ]

    response = editor.post("/imports/new/", {"uploads": files, "files_outlet": "Gazette"})

    assert response.status_code == 302
    run = ImportRun.objects.get()
    assert run.label == "articles.jsonl and 5 more"
    states = dict(run.items.values_list("label", "state"))
    assert states.pop("picture.xyz") in ("skipped", "failed")
    assert states.pop("articles.jsonl:2") == "failed"
    assert {"articles.jsonl:1", "note.txt", "note (2).txt", "hidden.txt"} < states.keys()
    assert set(states.values()) == {"pending"}
    assert len(states) == 5
    reason = run.items.get(label="articles.jsonl:2").reason
    assert reason.startswith("The line is not valid JSON")
    assert reason in text_of(editor.get(f"/imports/{run.uid}/"))


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01", b"\xff\xfe\x00", b'{"outlet": "A", "ti\\u0000tle\\ud800": 1}', b"[" * 100_000]
)
@pytest.mark.parametrize("name", ["bad.txt", "bad.html", "bad.jsonl"])
def test_no_file_breaks_the_form_or_the_run(editor, content, name):
    files = [SimpleUploadedFile(name, content), SimpleUploadedFile("good.txt", b"Ms Ruiz said it.")]

    response = editor.post("/imports/new/", {"uploads": files, "files_outlet": "Gazette"})

    assert response.status_code == 302
    while importing.import_next():
        pass
    run = ImportRun.objects.get()
    assert run.items.get(label="good.txt").state == "imported"
    assert not run.items.pending().exists()
    assert name != "bad.jsonl" or not run.items.filter(label__startswith=name, state="imported").exists()


def test_a_file_outside_of_the_upload_is_not_read(editor):
    line = json.dumps({"outlet": "A", "title": "T", "file": "../../../../etc/hostname.txt"})

    editor.post("/imports/new/", {"uploads": [SimpleUploadedFile("a.jsonl", line.encode())]})

    assert "outside the folder" in ImportItem.objects.get().reason


def test_all_three_ways_go_into_one_run(editor):
    file = SimpleUploadedFile("note.txt", b"Ms Ruiz said it.")

    editor.post("/imports/new/", {**PASTED, "addresses": "https://example.org/a", "uploads": [file]})

    assert ImportRun.objects.get().items.count() == 3


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({}, "", "Nothing was handed in"),
        ({"addresses": "https://example.org/a\nftp://example.org/b"}, "addresses", "Line 2: "),
        ({"addresses": "river"}, "addresses", "is not a web address"),
        ({"addresses": "\n".join(f"https://example.org/{n}" for n in range(1001))}, "addresses", "at most 1,000"),
        ({"addresses": "https://example.org/\0"}, "addresses", "Null characters"),
        ({**PASTED, "outlet": " "}, "outlet", "Name the outlet"),
        ({**PASTED, "title": ""}, "title", "Give the title"),
        ({**PASTED, "text": " \n"}, "text", "Paste the text"),
        ({**PASTED, "published_at": "soon"}, "published_at", "is not a date"),
        ({**PASTED, "published_at": "2999-01-01"}, "published_at", "in the future"),
        ({**PASTED, "url": "javascript:alert(1)"}, "url", "must begin with http"),
        ({**PASTED, "title": "x" * 1001}, "title", "at most 1000 characters"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(editor, given, field, says):
    response = editor.post("/imports/new/", {**given, "files_outlet": "Kept Outlet"})

    assert response.status_code == 400
    form = response.context["form"]
    assert any(says in error for error in (form.errors[field] if field else form.non_field_errors()))
    page = text_of(response)
    assert "choose the files again" not in page
    assert 'value="Kept Outlet"' in page
    assert not field or f'id="id_{field}_error"' in page
    assert not given.get("text", "").strip() or "“The river will be dredged.”" in page
    assert not ImportRun.objects.exists()


def test_a_text_over_the_limit_is_refused_with_the_figures(editor, settings):
    settings.IMPORT_MAX_TEXT_CHARACTERS = 10

    response = editor.post("/imports/new/", PASTED)

    assert "the limit is 10" in response.context["form"].errors["text"][0]


def test_files_over_the_limit_are_not_kept_but_what_was_typed_is(editor, settings):
    settings.IMPORT_MAX_UPLOAD_BYTES = 1000
    files = [SimpleUploadedFile(f"{number}.txt", b"x" * 600) for number in range(3)]

    response = editor.post("/imports/new/", {**PASTED, "uploads": files})

    assert response.status_code == 413
    assert "more than 0.001 MB" in response.context["form"].errors["uploads"][0]
    assert "Dredging ahead" in text_of(response)
    assert "choose the files again" in text_of(response)
    assert not ImportRun.objects.exists()


def test_files_within_the_limit_are_taken(editor, settings):
    settings.IMPORT_MAX_UPLOAD_BYTES = 1200
    files = [SimpleUploadedFile(f"{number}.txt", b"x" * 600) for number in range(2)]

    assert editor.post("/imports/new/", {"uploads": files}).status_code == 302


def test_more_text_than_a_form_takes_is_refused_in_words(editor, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000

    response = editor.post("/imports/new/", {**PASTED, "text": "x" * 2000})

    assert response.status_code == 413
    assert "Send a long text as a file" in text_of(response)


def test_too_many_files_are_refused_in_words(editor, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 2
    files = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(3)]

    assert editor.post("/imports/new/", {"uploads": files}).status_code == 413


def test_the_form_says_what_it_takes(editor):
    page = text_of(editor.get("/imports/new/"))

    assert ".warc.gz" in page
    assert "at most 50 MB in all" in page
    assert 'aria-describedby="id_uploads_helptext"' in page


def test_the_workers_that_cannot_be_woken_cost_no_import(editor, monkeypatch):
    def fail() -> None:
        raise OSError("The broker is down.")

    monkeypatch.setattr(tasks.import_items, "delay", fail)

    assert editor.post("/imports/new/", PASTED).status_code == 302
    assert ImportItem.objects.pending().exists()


# Watching


def live(client, run, **headers):
    return client.get(f"/imports/{run.uid}/", headers={"HX-Request": "true", **headers})


def test_a_run_under_way_is_polled_and_a_finished_one_is_not(client):
    waiting, finished = make_run("imported", "pending"), make_run("imported", "failed")

    assert 'hx-trigger="every 2s"' in text_of(client.get(f"/imports/{waiting.uid}/"))
    page = text_of(client.get(f"/imports/{finished.uid}/"))
    assert "hx-trigger" not in page
    assert "htmx" not in page
    assert "Finished." in page


def test_htmx_gets_the_part_that_changes(client):
    run = make_run("imported", "pending", "failed")

    response = live(client, run)

    page = text_of(response)
    assert "<html" not in page
    assert page.lstrip().startswith('<div id="import-progress" hx-get=')
    assert '<progress id="import-bar" max="3" value="2"' in page
    assert "2 of 3" in page
    assert "HX-Request" in response["Vary"]
    assert "hx-swap-oob" not in page


def test_htmx_gets_nothing_where_nothing_changed(client):
    run = make_run("imported", "pending")
    seen = live(client, run).context["seen"]

    assert live(client, run, **{"X-Seen": seen}).status_code == 204
    importing.cancel_run(run)
    response = live(client, run, **{"X-Seen": seen})
    assert response.status_code == 200
    assert "hx-get" not in text_of(response)
    assert 'hx-swap-oob="innerHTML">Finished. Imported: 1. Cancelled: 1.' in text_of(response)


def test_without_javascript_a_link_refreshes(client):
    run = make_run("pending")

    assert f'<noscript><p><a href="/imports/{run.uid}/?state=pending">Refresh to see how far it is</a>' in text_of(
        client.get(f"/imports/{run.uid}/?state=pending")
    )


def test_each_state_is_counted_and_can_be_asked_for(client):
    run = make_run("imported", "imported", "skipped", "failed", "pending", "expanded", "cancelled")

    page = text_of(client.get(f"/imports/{run.uid}/"))
    assert 'Imported <span class="count">2</span>' in page
    for state in ImportItem.State.values:
        (first, *_) = response = client.get(f"/imports/{run.uid}/?state={state}").context["page"].object_list
        assert first.state == state
        assert len(response) == (2 if state == "imported" else 1)


def test_what_others_wrote_is_shown_as_text(editor):
    run = make_run("pending", label=HOSTILE)
    feed = make_feed(title=HOSTILE, failures=1, failing_since=timezone.now(), last_error=HOSTILE)
    run.feed = feed
    run.save()
    run.items.update(label=HOSTILE, reason=HOSTILE, state="failed", finished_at=timezone.now())

    for address in (f"/imports/{run.uid}/", "/imports/", "/feeds/"):
        page = text_of(editor.get(address))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page
    refused = editor.post("/imports/new/", {**PASTED, "title": HOSTILE, "addresses": HOSTILE, "published_at": HOSTILE})
    assert "<script>alert" not in text_of(refused)


def test_attempts_are_shown_to_operators(client):
    run = make_run("failed")
    ImportItem.objects.update(attempts=3)

    assert "3 attempts" not in text_of(client.get(f"/imports/{run.uid}/"))
    client.force_login(make_person("ada", role=Role.ADMINISTRATOR))
    assert "3 attempts" in text_of(client.get(f"/imports/{run.uid}/"))


def test_failures_can_be_downloaded_one_a_line(client):
    run = make_run("imported", "failed", "skipped", "failed")
    ImportItem.objects.filter(position=2).update(reason="Zeile 3 ist „leer“.\n", url="https://example.org/2")

    response = client.get(f"/imports/{run.uid}/failures.jsonl")

    lines = [json.loads(line) for line in response.getvalue().decode().splitlines()]
    assert response["Content-Disposition"] == f'attachment; filename="failures-{run.uid}.jsonl"'
    assert [line["label"] for line in lines] == ["articles.jsonl:2", "articles.jsonl:4"]
    assert lines[0] == {
        "label": "articles.jsonl:2",
        "url": "https://example.org/2",
        "state": "failed",
        "reason": "Zeile 3 ist „leer“.\n",
        "attempts": 0,
    }


# Cancelling and trying again


def test_cancelling_stops_what_waits_and_keeps_what_is_imported(editor):
    run = make_run("imported", "pending", "pending", "failed")

    response = editor.post(f"/imports/{run.uid}/cancel/", follow=True)

    assert "2 documents will not be imported" in text_of(response)
    assert run.items.counts_by_state() == {"imported": 1, "cancelled": 2, "failed": 1}
    assert not importing.import_next()
    assert "Cancel the rest" not in text_of(response)


def test_all_failed_documents_are_tried_again(editor, woken):
    run = make_run("imported", "failed", "failed")

    response = editor.post(f"/imports/{run.uid}/retry/")

    assert response["Location"] == f"/imports/{run.uid}/"
    assert run.items.counts_by_state() == {"imported": 1, "pending": 2}
    assert woken == ["import_items"]


def test_one_failed_document_is_tried_again(editor):
    run = make_run("failed", "failed")
    assert 'name="position" value="2"' in text_of(editor.get(f"/imports/{run.uid}/"))

    editor.post(f"/imports/{run.uid}/retry/", {"position": "2"})

    assert list(run.items.pending().values_list("position", flat=True)) == [2]


def test_a_line_that_cannot_be_read_is_not_offered_again(editor, woken):
    run = make_run("failed")
    run.items.update(media_type="")

    assert 'name="position"' not in text_of(editor.get(f"/imports/{run.uid}/"))
    response = editor.post(f"/imports/{run.uid}/retry/", {"position": "1"}, follow=True)
    assert "nothing to try again" in text_of(response)
    assert woken == []


@pytest.mark.parametrize(("position", "status"), [("x", 400), ("-1", 400), ("٣", 400), ("9" * 50, 400), ("7", 404)])
def test_a_position_that_cannot_be_meant_is_refused(editor, position, status):
    run = make_run("failed")

    assert editor.post(f"/imports/{run.uid}/retry/", {"position": position}).status_code == status
    assert run.items.get().state == "failed"


# Feeds


def test_runs_say_which_feed_they_came_from(client):
    run = make_run("imported", feed=make_feed(title="Gazette: news"))

    assert "Gazette: news" in text_of(client.get("/imports/"))
    assert "Gazette: news" in text_of(client.get(f"/imports/{run.uid}/"))


def test_a_feed_is_added_once(editor):
    make_outlet("Gazette")
    feed = {"url": "https://Example.org/feed?utm_source=x", "title": "News", "outlet": "gazette", "interval_s": "900"}

    for says in ("Added “News”", "was here already"):
        assert says in text_of(editor.post("/feeds/", feed, follow=True))

    added = Feed.objects.get()
    assert (added.url, added.outlet.name, added.interval_s) == ("https://example.org/feed", "Gazette", 900)
    assert list(Feed.objects.due()) == [added]


@pytest.mark.parametrize(
    ("given", "field", "says"),
    [
        ({"url": ""}, "url", "Give the feed’s address"),
        ({"url": "file:///etc/passwd"}, "url", "must begin with http"),
        ({"outlet": "Nobody"}, "outlet", "No outlet goes by the name “Nobody”"),
        ({"interval_s": "1"}, "interval_s", "not one of the available choices"),
    ],
)
def test_a_feed_that_cannot_be_meant_is_refused_beside_its_field(editor, given, field, says):
    response = editor.post("/feeds/", {"url": "https://example.org/f", "interval_s": "3600", "title": "Kept", **given})

    assert response.status_code == 400
    assert says in response.context["form"].errors[field][0]
    assert 'value="Kept"' in text_of(response)
    assert not Feed.objects.exists()


def test_a_feed_is_paused_and_resumed(editor):
    feed = make_feed(next_poll_at=timezone.now() + timedelta(hours=1))

    assert "Paused" in text_of(editor.post(f"/feeds/{feed.uid}/pause/", follow=True))
    feed.refresh_from_db()
    assert not feed.active
    assert "Resumed" in text_of(editor.post(f"/feeds/{feed.uid}/resume/", follow=True))
    assert list(Feed.objects.due()) == [feed]


def test_polling_now_leads_to_the_run(editor, woken):
    feed = make_feed()

    response = editor.post(f"/feeds/{feed.uid}/poll/")

    run = ImportRun.objects.get()
    assert response["Location"] == f"/imports/{run.uid}/"
    assert (run.feed, run.items.get().url) == (feed, feed.url)
    assert woken == ["import_items"]


def test_broken_feeds_say_since_when_and_why_the_longest_first(client):
    now = timezone.now()
    make_feed(title="Works", last_polled_at=now)
    make_feed(title="Younger", failures=1, failing_since=now - timedelta(hours=1), last_error="No answer.")
    older = now - timedelta(days=2)
    make_feed(title="Older", failures=7, failing_since=older, last_error="It has no certificate.")

    response = client.get("/feeds/?state=broken")

    assert [feed.title for feed in response.context["page"]] == ["Older", "Younger"]
    page = text_of(response)
    assert f"{older:%H:%M} UTC" in page
    assert '7 times in a row: <span lang="en">It has no certificate.' in page
    assert "Broken (2)" in page
    assert len(client.get("/feeds/").context["page"]) == 3


# Cost


@pytest.mark.parametrize("address", ["/imports/", "/imports/{uid}/", "/imports/{uid}/?state=failed", "/feeds/"])
def test_twenty_take_no_more_queries_than_one(editor, address):
    def count(run: ImportRun) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert editor.get(address.format(uid=run.uid)).status_code == 200
        return len(queries)

    def make(documents: int) -> ImportRun:
        feed = make_feed(outlet=make_outlet(), failures=1, failing_since=timezone.now(), last_error="No answer.")
        return make_run(*["imported", "failed"] * documents, feed=feed)

    one = count(make(1))
    for _ in range(18):
        make(1)

    assert count(make(20)) == one
    assert one <= 12
