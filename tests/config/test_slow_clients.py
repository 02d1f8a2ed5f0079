"""Who sends or reads slowly: gunicorn, as the site configures it, on two threads and with nothing before it."""

import contextlib
import json
import os
import re
import select
import socket
import subprocess
import sys
import time
from urllib.parse import urlencode, urlsplit, urlunsplit

import pytest
from django.conf import settings
from django.db import connection

from tests.config.running import REPOSITORY, free_port, status_of, wait_until

pytestmark = pytest.mark.django_db

#: The less patience, the sooner the tests end; what is asked meanwhile has to be answered within half of it.
THREADS, PATIENCE_S, LEAVING_S = 2, 5, 30
#: A form that strangers may send, whose body is read to its end.
FORM = "/api/v1/reconcile/claims/"
ASKED = urlencode({"queries": json.dumps({"q0": {"query": "The bridge was closed."}})}).encode()


class Site:
    """The site at a port of this machine, and connections to it as they come."""

    def __init__(self, port):
        self.port = port
        self.opened = contextlib.ExitStack()

    def answers(self):
        """Ask as anybody would, and return whether there was an answer."""
        try:
            return status_of(f"http://127.0.0.1:{self.port}/robots.txt") == 200
        except OSError:
            return False

    def connect(self, sent=b""):
        one = self.opened.enter_context(socket.create_connection(("127.0.0.1", self.port), timeout=60))
        one.sendall(sent)
        return one

    def form(self, length, *headers):
        """Return the head of a form whose body is to have so many bytes."""
        lines = [f"POST {FORM} HTTP/1.1", "Host: localhost", f"Content-Length: {length}", *headers]
        return "\r\n".join([*lines, "Content-Type: application/x-www-form-urlencoded", "", ""]).encode()


@pytest.fixture(scope="module")
def started(django_db_setup, tmp_path_factory):
    """Start the site with less patience than it is shipped with; nothing of what is asked here writes to its tables."""
    folder = tmp_path_factory.mktemp("site")
    settings_file = folder / "gunicorn.conf.py"
    settings_file.write_text(
        "from config import gunicorn_worker\n"
        "from config.gunicorn import *\n"
        f"gunicorn_worker.PATIENCE_S = gunicorn_worker.READER_PATIENCE_S = {PATIENCE_S}\n"
        f"gunicorn_worker.LEAVING_S = {LEAVING_S}\n"
    )
    address = urlsplit(settings.DATABASE_URL)._replace(path=f"/{connection.settings_dict['NAME']}")
    site = Site(free_port())
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{site.port}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", str(THREADS), "--preload"]
    command += ["--no-control-socket", "--config", str(settings_file)]
    with (folder / "log").open("wb") as log:
        environ = {**os.environ, "DATABASE_URL": urlunsplit(address)}
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environ, stdout=log, stderr=log)
    try:
        wait_until(lambda: site.answers() or process.poll() is not None)
        assert process.poll() is None, (folder / "log").read_text()
        yield site
        assert "Traceback" not in (folder / "log").read_text()
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture
def site(started):
    """Give the site, and hang up afterwards."""
    with started.opened:
        yield started


def answer_to(one):
    """Return the status and the body of the answer that comes on a connection."""
    with one.makefile("rb") as file:
        line = file.readline()
        if not line:
            return 0, b""
        while b"100 Continue" in line:
            assert file.readline() == b"\r\n"
            line = file.readline()
        headers = dict(header.split(b": ", 1) for header in iter(file.readline, b"\r\n"))
        lengths = {name.lower(): value for name, value in headers.items()}
        return int(line.split()[1]), file.read(int(lengths[b"content-length"]))


def test_many_who_send_slowly_keep_no_thread(site):
    slow = [site.connect(b"GET /claims/ HTTP/1.1\r\nHost: local") for _ in range(3 * THREADS)]
    slow += [site.connect(site.form(900_000) + b"queries=") for _ in range(3 * THREADS)]
    # These are told to go on, the others nothing.
    asking = [site.connect(site.form(900_000, "Expect: 100-continue")) for _ in range(3 * THREADS)]
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE_S / 2:
        for one in (*slow, *asking):
            one.sendall(b"a")
        assert site.answers()
        # Before any of them was told that it takes too long.
        assert select.select(slow, [], [], 0)[0] == []
        time.sleep(0.1)

    # And they are not waited for.
    assert {answer_to(one)[0] for one in (*slow, *asking)} == {408}


def test_what_comes_in_pieces_is_answered_as_if_it_came_at_once(site):
    request = site.form(len(ASKED)) + ASKED
    one = site.connect()
    for place in range(0, len(request), 20):
        one.sendall(request[place : place + 20])
        time.sleep(0.01)
    status, told = answer_to(one)

    assert (status, list(json.loads(told))) == (200, ["q0"])
    # The connection goes on, also with two requests at once, of which one is cut in the middle.
    other = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    one.sendall(request + other[:20])
    assert answer_to(one)[0] == 200
    one.sendall(other[20:])
    assert answer_to(one)[0] == 200


def test_a_body_longer_than_what_is_waited_for_is_read_as_it_comes(site):
    padded = ASKED + b"&" + b"x" * 200_000
    asked = site.connect(site.form(len(padded), "Expect: 100-continue"))
    for place in range(0, len(padded), 50_000):
        asked.sendall(padded[place : place + 50_000])
        time.sleep(0.05)
    status, told = answer_to(asked)

    assert (status, list(json.loads(told))) == (200, ["q0"])


def test_of_a_long_body_that_stops_coming_the_thread_is_free_again_and_nothing_is_taken_for_a_request(site):
    stopped = [site.connect(site.form(900_000) + b"x" * 70_000) for _ in range(THREADS)]
    wait_until(site.answers)

    for one in stopped:
        # Whatever is made of half a form, the rest of it is read by nobody.
        assert 0 < answer_to(one)[0] < 500
        with contextlib.suppress(ConnectionError):
            one.sendall(b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert one.recv(100) == b""


def test_heads_that_are_none_are_refused_at_once(site):
    bare = site.connect(b"GET /claims/ HTTP/1.1\nHost: localhost\n\n")
    endless = site.connect(b"GET /claims/ HTTP/1.1\r\nX-A: " + b"a" * 65_000)

    assert answer_to(bare)[0] == 400
    endless.sendall(b"a" * 1_000)
    # Who is waited for in vain is told 408.
    assert answer_to(endless)[0] == 431


def test_who_does_not_hang_up_after_the_last_answer_keeps_nobody_waiting(site):
    asked = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    began = time.monotonic()
    for one in [site.connect(asked) for _ in range(4)]:
        assert answer_to(one)[0] == 200

    assert site.answers()
    assert time.monotonic() - began < LEAVING_S


def test_a_connection_waits_longer_for_its_next_request_than_the_proxy_keeps_it(site):
    waits, kept = (
        int(re.search(pattern, (REPOSITORY / file).read_text(), re.MULTILINE)[1])
        for file, pattern in (
            ("config/gunicorn.py", r"^keepalive = (\d+)$"),
            ("deploy/Caddyfile", r"^\s+keepalive (\d+)s$"),
        )
    )
    # What is sent as the other side hangs up is lost.
    assert kept + 3 <= waits

    asked = b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n"
    one = site.connect(asked)
    assert answer_to(one)[0] == 200
    # Longer than gunicorn waits of itself.
    assert select.select([one], [], [], 4)[0] == []
    one.sendall(asked)
    assert answer_to(one)[0] == 200
