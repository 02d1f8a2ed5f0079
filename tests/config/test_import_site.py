"""Five sites imported by the running stack, with each broker, in calm and through faults."""

import os
import re
from collections import Counter
from contextlib import suppress

import psutil
import pytest
from lxml import html

from tests.config import faults, rabbitmq
from tests.config import outlets as sites
from tests.config.editing import Editor
from tests.config.outlets import PAGES, PAGES_EACH, PRIVATE, require_polite
from tests.config.running import Database, Up, manage, wait_until

INTERVAL_S = 0.05
IMPORT_TIMEOUT_S = 600
# Each time is a connection of its own, on the machine that does the work.
ASKED_EVERY_S = 0.5
# An article with a statement in it, and what three outlets, each with a feed of another format, change there.
CHANGED_PATH = "/news/70"
CHANGED = {0: ("said", "denied"), 2: ("Mayor", "Governor"), 4: ("crowns", "thalers of silver")}


@pytest.fixture
def outlets():
    with sites.published() as outlets:
        yield outlets


@pytest.fixture(params=["valkey", "rabbitmq"])
def broker(request, quick_path):
    """Give None, for the broker that `up` starts, or a RabbitMQ; without one, tests are skipped, but fail in CI."""
    if request.param == "valkey":
        yield None
        return
    programs = rabbitmq.find()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail(rabbitmq.MISSING)
        pytest.skip(rabbitmq.MISSING)
    folder = quick_path / "rabbitmq"
    folder.mkdir()
    broker = rabbitmq.RabbitMQ(folder, *programs)
    try:
        yield broker.start()
    finally:
        broker.end()


def start(home, port, outlets, broker):
    return Up(
        home,
        port,
        FETCH_ALLOWED_PRIVATE_HOSTS=",".join(outlet.web.site for outlet in outlets),
        FETCH_MIN_INTERVAL_MS=str(round(INTERVAL_S * 1000)),
        # What a killed worker held is free again after these; a slow one must not lose it.
        FETCH_DEADLINE_S="10",
        FETCH_LEASE_S="20",
        **({"CELERY_BROKER_URL": broker.url} if broker else {}),
    ).wait_for_page()


def wait_for_imports(database, *, items):
    """Wait until there are `items` documents in all runs, none of which waits."""

    def all_done():
        found = database.count("sources_importitem") or 0
        return found >= items and database.count("sources_importitem", "state = 'pending'") == 0

    wait_until(all_done, timeout_s=IMPORT_TIMEOUT_S, every_s=ASKED_EVERY_S)
    assert database.count("sources_importitem") == items


def answers(outlet, *, after=0):
    """Return how often a site answered with each status, but for its first requests up to `after`."""
    return Counter(hit.status for hit in outlet.web.log[after:])


def require_all_imported(database, outlets):
    """Assert that every document of the five runs was imported but the one that its site keeps to itself."""
    [(url, reason)] = database.rows("SELECT url, reason FROM sources_importitem WHERE state = 'failed'")
    assert url == outlets[0].web.url(PRIVATE)
    assert "asks SecondSource in its robots.txt not to fetch" in reason
    states = dict(database.rows("SELECT state, count(*) FROM sources_importitem GROUP BY state"))
    assert states == {"expanded": len(outlets), "imported": PAGES, "failed": 1}
    require_all_articles(database, outlets)
    assert database.count("sources_revision") == database.count("sources_snapshot") == PAGES


def require_all_articles(database, outlets):
    """Assert that every page of every outlet is an article, once and as it was published."""
    stored = database.rows(
        "SELECT a.url, a.title, a.byline, a.published_at, o.name, r.text FROM sources_article a"
        " JOIN sources_outlet o ON o.id = a.outlet_id JOIN sources_revision r ON r.id = a.current_revision_id",
    )
    assert sorted(stored) == sorted(
        (
            outlet.web.url(path),
            outlet.title(path),
            f"Reporter {outlet.number}",
            outlet.published[path],
            outlet.name,
            "\n".join([outlet.title(path), *paragraphs]),
        )
        for outlet in outlets
        for path, paragraphs in outlet.texts.items()
    )


def changes_shown(page):
    """Return the words that a page of changes shows as removed or added."""
    [section] = html.fromstring(page).find_class("changes")
    return re.findall(r"\[(removed|added): (.*?)\]", section.text_content())


def test_five_hundred_pages_are_imported_once_and_again_only_where_they_changed(home, port, outlets):
    up = start(home, port, outlets, broker=None)
    database, editor = Database(home), Editor(up)

    # The sweep finds the feeds; a run has its feed and the pages, and one of them the page that is not to be fetched.
    editor.add_feeds(outlets)
    items = len(outlets) + PAGES + 1
    wait_for_imports(database, items=items)
    require_all_imported(database, outlets)
    # robots.txt, the feed, and each page once.
    assert [answers(outlet) for outlet in outlets] == [{200: 2 + PAGES_EACH}] * len(outlets)

    # Polled again: each feed answers that it has not changed, and no page is asked for.
    before = [len(outlet.web.log) for outlet in outlets]
    editor.poll_feeds()
    items += len(outlets)
    wait_for_imports(database, items=items)
    assert [answers(outlet, after=n) for outlet, n in zip(outlets, before, strict=True)] == [{304: 1}] * len(outlets)

    # Three articles change, and the feeds tell.
    for number, (old, new) in CHANGED.items():
        outlets[number].change(CHANGED_PATH, old, new)
    before = [len(outlet.web.log) for outlet in outlets]
    editor.poll_feeds()
    # Where a feed dates changes, one page is due; where it does not, all are looked at.
    items += len(outlets) + (PAGES_EACH + 1) + 1 + PAGES_EACH
    wait_for_imports(database, items=items)
    seen = [answers(outlet, after=n) for outlet, n in zip(outlets, before, strict=True)]
    looked_at = {200: 2, 304: PAGES_EACH - 1}
    assert seen == [looked_at, {304: 1}, {200: 2}, {304: 1}, looked_at]
    require_all_articles(database, outlets)
    revised = database.rows(
        "SELECT a.url, a.uid, one.text, two.text FROM sources_article a"
        " JOIN sources_revision one ON one.article_id = a.id AND one.number = 1"
        " JOIN sources_revision two ON two.article_id = a.id AND two.number = 2",
    )
    assert database.count("sources_revision") == PAGES + len(CHANGED)
    changed = {outlets[number].web.url(CHANGED_PATH): change for number, change in CHANGED.items()}
    assert {url for url, *_ in revised} == set(changed)
    for url, uid, one, two in revised:
        old, new = changed[url]
        assert one.replace(old, new) == two
        assert changes_shown(editor.see(f"/articles/{uid}/changes/")) == [("removed", old), ("added", new)]

    for outlet in outlets:
        require_polite(outlet, interval_s=INTERVAL_S)
    up.kill()


def test_kill_9_of_each_process_during_an_import_loses_and_doubles_nothing(home, port, outlets, broker):
    up = start(home, port, outlets, broker)
    assert ("valkey" in up.record["processes"]) == (broker is None)
    database, editor = Database(home), Editor(up)
    editor.add_feeds(outlets)

    def kill(name):
        with faults.killed(up, name):
            pass

    def kill_broker():
        if broker is None:
            kill("valkey")
        else:
            broker.kill()
            broker.start()

    def kill_importer():
        def killed_busiest():
            # A worker that has just been started has none yet, and one that ends takes them along.
            with suppress(psutil.NoSuchProcess, ValueError):
                importers = faults.process_of(up, "worker").children()
                max(importers, key=lambda importer: sum(importer.cpu_times()[:2])).kill()
                return True
            return False

        wait_until(killed_busiest)

    def kill_all():
        nonlocal up
        up.kill()
        up = start(home, port, outlets, broker)

    steps = [
        lambda: kill("worker"),
        kill_broker,
        lambda: kill("postgres"),
        lambda: kill("web"),
        kill_importer,
        lambda: kill("beat"),
        kill_all,
    ]
    for number, step in enumerate(steps, start=1):
        articles = number * PAGES // (len(steps) + 1)
        wait_until(lambda: (database.count("sources_article") or 0) >= articles, timeout_s=IMPORT_TIMEOUT_S)  # noqa: B023
        assert (database.count("sources_article") or 0) < PAGES, "the import ended before the kill"
        step()

    items = len(outlets) + PAGES + 1
    wait_for_imports(database, items=items)
    require_all_imported(database, outlets)
    # What was imported is read to its end, too.
    read = "state = 'matched'"
    wait_until(
        lambda: database.count("claims_extraction", read) == PAGES, timeout_s=IMPORT_TIMEOUT_S, every_s=ASKED_EVERY_S
    )

    # And it goes on as before: each feed is asked once whether it has changed.
    before = [len(outlet.web.log) for outlet in outlets]
    editor.poll_feeds()
    wait_for_imports(database, items=items + len(outlets))
    assert [answers(outlet, after=n) for outlet, n in zip(outlets, before, strict=True)] == [{304: 1}] * len(outlets)
    for outlet in outlets:
        require_polite(outlet, interval_s=INTERVAL_S)
    assert re.search(r"^broker +answers, \d+ tasks queued$", manage("status", "--home", str(home)).stdout, re.MULTILINE)
    up.kill()
