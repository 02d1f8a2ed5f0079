"""Addresses that are longer than gunicorn reads are refused by the site, in its words."""

import http.client
import json
import os
import subprocess
import sys

import pytest

from config import gunicorn_worker
from tests.config.running import REPOSITORY, free_port, status_of, wait_until

LONGEST_LINE = 8_190


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Give the port of gunicorn as the site is shipped with it; what is refused by its length asks no database."""
    port, folder = free_port(), tmp_path_factory.mktemp("site")
    environ = {**os.environ, "ALLOWED_HOSTS": "localhost,127.0.0.1", "STATIC_ROOT": str(folder / "static")}
    gather = [sys.executable, "manage.py", "collectstatic", "--noinput", "--verbosity", "0"]
    subprocess.run(gather, cwd=REPOSITORY, env=environ, check=True)
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", "2", "--no-control-socket"]
    command += ["--config", "python:config.gunicorn"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=REPOSITORY, env=environ, stdout=log, stderr=log)
    try:
        wait_until(lambda: answers(port) or process.poll() is not None, timeout_s=60)
        assert process.poll() is None, (folder / "log").read_text()
        yield port
        assert "Traceback" not in (folder / "log").read_text()
    finally:
        process.terminate()
        process.wait(40)


def answers(port):
    try:
        return status_of(f"http://127.0.0.1:{port}/robots.txt") == 200
    except OSError:
        return False


def ask(connection, address, *, method="GET", body=None):
    """Return the answer with its headers and its text."""
    connection.request(method, address, body)
    answer = connection.getresponse()
    return answer, answer.read().decode()


@pytest.fixture
def connection(site):
    connection = http.client.HTTPConnection("127.0.0.1", site, timeout=20)
    yield connection
    connection.close()


def of_length(path, characters):
    return f"{path}?q={'x' * (characters - len(path) - 3)}"


@pytest.mark.parametrize("characters", [8_001, LONGEST_LINE - 13, LONGEST_LINE - 12, 9_000, 60_000])
def test_a_program_is_told_how_long_its_address_is(connection, characters):
    answer, said = ask(connection, of_length("/api/v1/claims/", characters))

    assert (answer.status, answer.headers["Content-Type"]) == (414, "application/problem+json")
    assert f"The address has {characters:,} characters; the limit is 8,000." in json.loads(said)["detail"]
    assert answer.headers["X-Request-ID"]


@pytest.mark.parametrize(("path", "language"), [("/claims/", "en"), ("/ru/claims/", "ru"), ("/" + "y" * 9_000, "en")])
def test_a_reader_gets_a_page_that_leads_back(connection, path, language):
    answer, page = ask(connection, of_length(path, 20_000))

    assert (answer.status, answer.headers["Content-Language"]) == (414, language)
    assert {"en": "This address is too long.", "ru": "Адрес слишком длинный."}[language] in page
    assert "xxxx" not in page
    assert "default-src" in answer.headers["Content-Security-Policy"]


def test_the_connection_goes_on_with_the_next_request(connection):
    for address, status in ((of_length("/claims/", 10_000), 414), ("/robots.txt", 200)) * 2:
        assert ask(connection, address)[0].status == status
    assert ask(connection, of_length("/api/v1/imports/", 10_000), method="POST", body=b"{}")[0].status == 414
    assert ask(connection, "/robots.txt")[0].status == 200


def test_what_is_no_request_and_what_is_short_enough_are_left_to_gunicorn():
    for received in (
        b"GET /claims/ HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /" + b"x" * 9_000 + b"\r\n\r\n",
        b"X" * 9_000 + b" / HTTP/1.1\r\n\r\n",
    ):
        assert gunicorn_worker.readable(received, line_bytes=LONGEST_LINE) == (received, "")


def test_an_address_that_the_site_would_answer_is_never_cut(settings):
    settings.URL_MAX_CHARACTERS = 10_000
    received = b"DELETE /api/v1/feeds/" + b"x" * 9_000 + b" HTTP/1.1\r\n\r\n"
    assert gunicorn_worker.readable(received, line_bytes=LONGEST_LINE) == (received, "")
    settings.URL_MAX_CHARACTERS = 9_000
    assert gunicorn_worker.readable(received, line_bytes=LONGEST_LINE)[1].startswith("/api/v1/feeds/xxx")
