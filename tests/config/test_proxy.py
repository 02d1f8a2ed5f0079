"""What deploy/Caddyfile lets through, in a real Caddy before a site that tells what it was asked."""

import contextlib
import json
import os
import socket
import ssl
import subprocess
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.config import caddy
from tests.config.running import free_port, wait_until


class Mirror(BaseHTTPRequestHandler):
    """Answers with the headers of the request."""

    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.server.forms += 1
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.answer()

    def answer(self):
        told = json.dumps(dict(self.headers.items())).encode()
        # Who asked may have hung up.
        with contextlib.suppress(ConnectionError):
            self.send_response(200)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

    def log_message(self, *arguments):
        """Say nothing."""


class Proxy:
    """The proxy of the file, on other ports: asked as a browser would, over TLS."""

    def __init__(self, port, site, log):
        self.port, self.site, self.log = port, site, log

    def ask(self, path="/", *, body=None, **headers):
        """Return the status and what was answered."""
        request = urllib.request.Request(f"https://localhost:{self.port}{path}", data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10, context=self.context()) as response:  # noqa: S310 (ours)
                return response.status, response.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def connect(self):
        """Open a connection, on which a test sends what it likes."""
        plain = socket.create_connection(("localhost", self.port), timeout=10)
        return self.context().wrap_socket(plain, server_hostname="localhost")

    @staticmethod
    def context():
        anybody = ssl.create_default_context()
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        return anybody


@pytest.fixture
def proxy(tmp_path):
    program = caddy.find()
    if program is None:
        if os.environ.get("CI"):
            pytest.fail(caddy.MISSING)
        pytest.skip(caddy.MISSING)
    with ThreadingHTTPServer(("127.0.0.1", 0), Mirror) as site:
        site.forms = 0
        threading.Thread(target=site.serve_forever, daemon=True).start()
        port = free_port()
        settings = caddy.settings(program, site=f"127.0.0.1:{site.server_port}", folder=tmp_path)
        # On a port of ours, with its data in a folder of ours, and without an authority in the system's list.
        settings["storage"] = {"module": "file_system", "root": str(tmp_path / "data")}
        settings["apps"]["pki"] = {"certificate_authorities": {"local": {"install_trust": False}}}
        [server] = settings["apps"]["http"]["servers"].values()
        server["listen"] = [f"127.0.0.1:{port}"]
        server["automatic_https"] = {"disable_redirects": True}
        settings["apps"]["http"] |= {"https_port": port, "http_port": free_port()}
        (tmp_path / "caddy.json").write_text(json.dumps(settings))
        with (tmp_path / "caddy.log").open("wb") as log:
            command = [program, "run", "--config", tmp_path / "caddy.json"]
            process = subprocess.Popen(command, env=caddy.environ(tmp_path), stderr=log)
        proxy = Proxy(port, site, tmp_path / "caddy.log")
        try:
            wait_until(lambda: proxy.ask()[0] == 200)
            yield proxy
        finally:
            process.terminate()
            process.wait(30)
            site.shutdown()


def test_where_a_request_comes_from_is_what_the_proxy_sees_not_what_the_client_says(proxy):
    lies = {
        "X-Forwarded-For": "203.0.113.9",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.example",
        "X-Real-Ip": "203.0.113.9",
        "Forwarded": "for=203.0.113.9",
    }
    status, told = proxy.ask(**lies)
    seen = {name.title(): value for name, value in json.loads(told).items()}

    assert status == 200
    assert seen["X-Forwarded-For"] == "127.0.0.1"
    assert seen["X-Forwarded-Proto"] == "https"
    assert seen["X-Forwarded-Host"] == f"localhost:{proxy.port}"
    assert "X-Real-Ip" not in seen
    assert "Forwarded" not in seen


def test_a_body_larger_than_any_upload_does_not_reach_the_site(proxy):
    assert proxy.ask(body=b"x" * 1_000_000)[0] == 200
    assert proxy.ask(body=b"x" * 61_000_000)[0] != 200


def test_who_sends_a_body_slowly_waits_at_the_proxy_and_nobody_else_does(proxy):
    head = b"POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20000\r\n\r\n"
    slow = [proxy.connect() for _ in range(30)]
    for one in slow:
        one.sendall(head + b"x" * 19_000)
    for _ in range(5):
        assert proxy.ask()[0] == 200
    assert proxy.site.forms == 0

    # What came whole is handed on as it was sent.
    slow[0].sendall(b"x" * 1_000)
    assert slow[0].recv(15) == b"HTTP/1.1 200 OK"
    assert proxy.site.forms == 1
    for one in slow:
        one.close()


def test_what_people_search_for_is_not_logged(proxy):
    proxy.ask("/claims/?q=whistleblower&page=2", Cookie="sessionid=verysecretvalue")

    wait_until(lambda: "/claims/" in proxy.log.read_text())
    written = proxy.log.read_text()
    assert "whistleblower" not in written
    assert "verysecretvalue" not in written


def test_a_site_that_is_away_is_told_in_words(proxy):
    proxy.site.shutdown()
    proxy.site.server_close()
    status, told = proxy.ask()

    assert status == 502
    assert "try again in a minute" in told
