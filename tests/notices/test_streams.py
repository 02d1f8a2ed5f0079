"""Server-sent events: nothing missed, nothing twice, and no more threads taken than are meant for it."""

import json
import threading
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from notices import events, streams
from notices.events import START, Happening, Page, Position
from notices.models import Event
from notices.streams import KEPT, Streams, Tail
from tests.factories import make_claim, make_report
from tests.waiting import until_others_have_ended


def happening(number, type_="claim.corroborated"):
    return Happening(Position(number, number), type_, {"id": f"evt_{number}", "type": type_})


class Log:
    """What happened, looked at as the database is."""

    def __init__(self, count=0):
        self.events = [happening(number) for number in range(1, count + 1)]
        self.looks = 0

    def __call__(self, position, *, limit):
        self.looks += 1
        found = [event for event in self.events if event.position > position]
        more = len(found) > limit
        found = found[:limit]
        reached = found[-1].position if more else max(position, self.now())
        return Page(found, reached, more)

    def now(self):
        return Position(self.events[-1].position.transaction + 1 if self.events else 1)


def tail(log, *, every_s=0.0):
    return Tail(look=log, now=log.now, every_s=every_s)


def read(told):
    """Return the events of a stream as a browser reads them, with the last event id that it keeps."""
    found, last = [], ""
    for block in b"".join(told).decode().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if line and not line.startswith(":"))
        last = lines.get("id", last)
        if "data" in lines:
            found.append(json.loads(lines["data"])["id"])
    return found, last


def test_who_comes_back_gets_what_came_meanwhile_and_nothing_twice():
    log = Log(3)
    opened = Streams(1, tail=tail(log))
    first, last = read(opened.open(START, life_s=0))
    assert first == ["evt_1", "evt_2", "evt_3"]
    log.events += [happening(4), happening(5)]
    second, last = read(opened.open(Position.read(last), life_s=0))
    assert second == ["evt_4", "evt_5"]
    assert read(opened.open(Position.read(last), life_s=0))[0] == []


def test_the_place_goes_on_past_events_that_were_not_asked_for():
    log = Log()
    log.events = [happening(1), happening(2, "import.finished"), happening(3, "import.finished")]
    told, last = read(Streams(1, tail=tail(log)).open(START, types=["claim.corroborated"], life_s=0))

    assert told == ["evt_1"]
    assert Position.read(last) > Position(3)


def test_who_is_far_behind_catches_up_in_pieces():
    log = Log(KEPT * 3)
    opened = Streams(1, tail=tail(log))
    read(opened.open(Position(KEPT * 3), life_s=0))
    told, _ = read(opened.open(START, life_s=0))

    assert told == [event.message["id"] for event in log.events]


@pytest.mark.parametrize("pause_s", [0.0, 1000.0])
def test_after_a_flood_or_a_pause_each_reads_what_it_missed(monkeypatch, pause_s):
    log = Log(1)
    kept = tail(log)
    assert kept.after(START).position == log.now()
    here = log.now()
    monkeypatch.setattr(streams, "STALE_S", streams.STALE_S - pause_s)
    log.events += [happening(number) for number in range(3, 3 + 2 * KEPT)]
    found, page = [], kept.after(here)
    while page.events:
        found += page.events
        page = kept.after(page.position)

    assert found == log.events[1:]
    assert kept.after(log.events[-2].position).events == log.events[-1:]


def test_all_streams_of_a_process_look_together():
    log = Log()
    opened = Streams(5, tail=tail(log, every_s=0.5))
    heard, here = [[] for _ in range(5)], log.now()
    readers = [
        threading.Thread(target=lambda into=into: into.extend(read(opened.open(here, life_s=2))[0])) for into in heard
    ]
    began = time.monotonic()
    for reader in readers:
        reader.start()
    time.sleep(0.3)
    log.events += [happening(2), happening(3)]
    for reader in readers:
        reader.join()

    assert heard == [["evt_2", "evt_3"]] * 5
    assert log.looks <= (time.monotonic() - began) / 0.5 + 2


def test_where_all_streams_are_taken_there_is_an_answer_and_an_end():
    log = Log(1)
    opened = Streams(1, tail=tail(log))
    held = opened.open(START, life_s=60)
    assert next(held) == b"retry: 1000\n\n"

    began = time.monotonic()
    parts = list(opened.open(START, life_s=60))
    assert time.monotonic() - began < 5
    assert parts[0] == b"retry: 5000\n\n"
    assert read(parts)[0] == ["evt_1"]

    # A client that hangs up gives its place back.
    held.close()
    assert next(opened.open(START, life_s=60)) == b"retry: 1000\n\n"


def test_a_quiet_stream_shows_that_it_lives(monkeypatch):
    monkeypatch.setattr(streams, "HEARTBEAT_S", 0.0)
    told = b"".join(Streams(1, tail=tail(Log())).open(START, life_s=0.1))
    assert b": still here\n" in told


# Over HTTP


@pytest.fixture
def eager(settings, monkeypatch):
    settings.EVENT_STREAM_LIFE_S = 0
    monkeypatch.setattr(streams, "_streams", Streams(2, tail=Tail(every_s=0)))


def make_corroborated():
    claim = make_claim()
    make_report(claim)
    make_report(claim)
    return claim


@pytest.mark.django_db(transaction=True)
def test_a_browser_follows_and_a_program_polls(client, eager):
    answer = client.get("/api/v1/events/", headers={"accept": "text/event-stream"})
    assert answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
    assert answer.headers["Cache-Control"] == "no-store"
    told, last = read(answer.streaming_content)
    assert told == []
    polled = client.get("/api/v1/events/?since=now").json()
    assert polled["results"] == []

    make_corroborated()
    until_others_have_ended()
    answer = client.get("/api/v1/events/", headers={"accept": "text/event-stream", "last-event-id": last})
    told, after = read(answer.streaming_content)
    page = client.get(polled["next"]).json()
    assert told == [event["id"] for event in page["results"]] == [Event.objects.get().message_id]
    assert page["results"][0]["type"] == "claim.corroborated"
    again = client.get("/api/v1/events/", headers={"accept": "text/event-stream", "last-event-id": after})
    assert read(again.streaming_content)[0] == []
    assert client.get(page["next"]).json()["results"] == []

    others = client.get(f"/api/v1/events/?types=import.finished&since={polled['since']}").json()
    assert others["results"] == []
    assert client.get(others["next"]).json()["results"] == []


@pytest.mark.django_db(transaction=True)
def test_a_page_takes_as_many_queries_for_many_events(client):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            count = len(client.get("/api/v1/events/").json()["results"])
        return count, len(captured)

    events.listen()
    make_corroborated()
    until_others_have_ended()
    one = queries()
    make_corroborated()
    make_corroborated()
    until_others_have_ended()
    assert one == (1, queries()[1])
    assert queries()[0] == 3


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("?since=x", 400),
        ("?since=99999999999999999", 410),
        ("?types=claim.wrong", 400),
        ("?limit=0", 400),
        ("?colour=red", 400),
        ("?format=csv", 400),
    ],
)
def test_what_cannot_be_meant_is_refused(client, address, status):
    answer = client.get(f"/api/v1/events/{address}")
    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_stream_from_a_place_that_is_gone_is_refused(client):
    answer = client.get("/api/v1/events/", headers={"accept": "text/event-stream", "last-event-id": "9" * 17})
    assert answer.status_code == 410
    assert client.head("/api/v1/events/", headers={"accept": "text/event-stream"}).status_code == 200
