"""What Sentry and a collector of traces are told of a page and a task that fail: where and under which ids, no more."""

import gzip
import json
import subprocess
import sys
import threading
import tomllib
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import brotli
import pytest
from django.conf import settings
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from config import sentry, tracing
from config.logs import request_id
from tests.config.running import ENVIRON, REPOSITORY, Up, wait_until

TEXT = "whatever the article said of lighthouses"
PRIVATE = {
    "q": TEXT,
    "cookie": "c00kie-of-somebody",
    "token": "sst_0123456789abcdef0123456789abcdef01234567",
    "address": "192.0.2.77",
    "mail": "somebody@press.example",
}


class Receiver:
    """A program on loopback that keeps what is sent to it: events as Sentry does, spans as a collector does."""

    def __init__(self):
        received = self.received = []

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if self.headers.get("Content-Encoding") == "gzip":
                    body = gzip.decompress(body)
                elif self.headers.get("Content-Encoding") == "br":
                    body = brotli.decompress(body)
                received.append((self.path, dict(self.headers), body))
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *words):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def end(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def events(self):
        found = []
        for path, _, body in list(self.received):
            if path == "/api/7/envelope/":
                _, *items = map(json.loads, body.rstrip(b"\n").split(b"\n"))
                found += [
                    content
                    for header, content in zip(items[::2], items[1::2], strict=True)
                    if header["type"] == "event"
                ]
        return found

    def spans(self):
        found = []
        for path, _, body in list(self.received):
            if path == "/v1/traces":
                for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                    named = attributes(resource.resource.attributes)
                    assert (named["service.name"], named["service.version"]) == ("second-source", "0.1.0")
                    found += [span for scope in resource.scope_spans for span in scope.spans]
        return found


def attributes(pairs):
    return {pair.key: getattr(pair.value, pair.value.WhichOneof("value")) for pair in pairs}


@pytest.fixture
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.end()


def ask_for_trouble(port):
    """Ask for the page that fails as a person would that has something to hide, and return the id of the request."""
    headers = {
        "Cookie": f"sessionid={PRIVATE['cookie']}",
        "Authorization": f"Bearer {PRIVATE['token']}",
        "X-Forwarded-For": PRIVATE["address"],
        "User-Agent": PRIVATE["mail"],
        "X-Request-ID": "observed-1",
    }
    query = TEXT.replace(" ", "%20")
    address = f"http://127.0.0.1:{port}/observed/5/?q={query}"
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60)
    refused.value.close()
    assert refused.value.code == 500
    return refused.value.headers["X-Request-ID"]


def test_what_fails_in_forked_processes_is_told_with_its_ids_and_nothing_private(receiver, home, port):
    up = Up(
        home,
        port,
        "--workers",
        "1",
        DJANGO_SETTINGS_MODULE="tests.config.observed.settings",
        SENTRY_DSN=f"http://key@{receiver.address}/7",
        SENTRY_ENVIRONMENT="a test",
        OTEL_EXPORTER_OTLP_ENDPOINT=f"http://{receiver.address}",
        OTEL_EXPORTER_OTLP_HEADERS="authorization=Basic%20of-the-collector",
        OTEL_BSP_SCHEDULE_DELAY="200",
        BEHIND_TLS_PROXY="1",
    ).wait_for_page()

    assert ask_for_trouble(up.port) == "observed-1"
    wait_until(lambda: len(receiver.events()) == 2)
    # Of the page and of the task, from two processes.
    ended = {Span.SPAN_KIND_SERVER, Span.SPAN_KIND_CONSUMER}
    wait_until(lambda: ended <= {span.kind for span in spans_of(receiver, "observed-1")})

    page, task = sorted(receiver.events(), key=lambda event: event["transaction"], reverse=True)
    assert page["transaction"] == "tests.config.observed.urls.fail"
    assert task["transaction"] == "claims.observed_fail"
    assert page["tags"] == {"request_id": "observed-1"}
    assert task["tags"]["request_id"] == "observed-1"
    assert [each["type"] for each in page["exception"]["values"]] == ["ValueError"]
    assert [each["type"] for each in task["exception"]["values"]] == ["ValueError", "RuntimeError"]
    assert page["exception"]["values"][0]["stacktrace"]["frames"][-1]["function"] == "fail"
    for event in (page, task):
        assert (event["release"], event["environment"]) == (settings.SENTRY_RELEASE, "a test")

    spans = spans_of(receiver, "observed-1")
    [request] = [span for span in spans if span.kind == Span.SPAN_KIND_SERVER]
    [sent] = [span for span in spans if span.kind == Span.SPAN_KIND_PRODUCER]
    [done] = [span for span in spans if span.kind == Span.SPAN_KIND_CONSUMER]
    queries = [span for span in spans if span.kind == Span.SPAN_KIND_CLIENT]
    assert {span.trace_id for span in spans} == {request.trace_id}
    assert (request.name, sent.name, done.name) == (
        "GET observed/<int:number>/",
        "apply_async/claims.observed_fail",
        "run/claims.observed_fail",
    )
    assert (sent.parent_span_id, done.parent_span_id) == (request.span_id, sent.span_id)
    assert attributes(request.attributes)["http.status_code"] == 500
    assert attributes(done.attributes)["task_id"] == task["tags"]["task_id"]
    assert {span.parent_span_id for span in queries} == {request.span_id, done.span_id}
    statements = [attributes(span.attributes)["db.statement"] for span in queries]
    assert "SELECT ? AS put_in_by_hand" in statements
    assert any("sources_outlet" in statement and "%s" in statement for statement in statements)

    for path, headers, body in receiver.received:
        assert path != "/v1/traces" or headers["authorization"] == "Basic of-the-collector"
        for name, private in PRIVATE.items():
            assert private.encode() not in body, f"{name} in {path}"
            assert private.replace(" ", "%20").encode() not in body, f"{name} in {path}"
    # Whoever watches the site asks all the time.
    assert not any("readyz" in span.name or "healthz" in span.name for span in receiver.spans())


def spans_of(receiver, request):
    return [span for span in receiver.spans() if attributes(span.attributes).get("request_id") == request]


def event_of(error, *, module="builtins", **fields):
    return {
        "event_id": "e",
        "exception": {"values": [{"type": type(error).__name__, "module": module, "value": str(error)}]},
        **fields,
    }


@pytest.mark.parametrize(
    ("error", "module", "said"),
    [
        (
            AttributeError("'NoneType' object has no attribute 'pk'"),
            "builtins",
            "'NoneType' object has no attribute 'pk'",
        ),
        (ValueError("could not convert string to float: 'said she'"), "builtins", None),
        (KeyError("said she"), "builtins", None),
        (
            ConnectionRefusedError("[Errno 111] Connect to 192.0.2.7:5432"),
            "builtins",
            "[Errno 111] Connect to [hidden]:5432",
        ),
        (ConnectionError("Max retries exceeded with url: /search?q=said"), "requests.exceptions", None),
    ],
)
def test_only_messages_of_programs_are_sent(error, module, said):
    [sent] = sentry.only_what_may_be_sent(event_of(error, module=module), {})["exception"]["values"]

    assert sent["type"] == type(error).__name__
    assert sent.get("value") == said


def test_an_error_of_the_database_is_sent_without_the_row_at_which_it_stopped():
    error = OSError('could not write to "base/5 of she": No space left\nCONTEXT:  COPY texts, line 7: "said she"')
    event = event_of(error, module="django.db.utils")
    event["exception"]["values"][0]["type"] = "OperationalError"

    [sent] = sentry.only_what_may_be_sent(event, {})["exception"]["values"]
    assert sent["value"] == "could not write to [hidden]: No space left"


def test_what_a_later_version_collects_is_not_sent():
    private = {"said": "she", "deep": {"q": "she"}}
    frame = {"function": "read", "lineno": 5, "context_line": "return text", "vars": {"text": "she"}, "new": private}
    event = event_of(ValueError("she"), extra=private, user=private, contexts=private, breadcrumbs=private, new=private)
    event["exception"]["values"][0] |= {"stacktrace": {"frames": [frame]}, "new": private}
    event |= {
        "request": {"method": "POST", "url": "https://a.example/she", "query_string": "q=she", "data": private},
        "transaction": "/search/she",
        "transaction_info": {"source": "url"},
        "tags": private,
    }
    token = request_id.set("request-7")
    sent = sentry.only_what_may_be_sent(event, {})
    request_id.reset(token)

    assert sent == {
        "event_id": "e",
        "tags": {"request_id": "request-7"},
        "request": {"method": "POST"},
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "module": "builtins",
                    "mechanism": {},
                    "stacktrace": {"frames": [{"function": "read", "lineno": 5, "context_line": "return text"}]},
                }
            ]
        },
    }


@pytest.mark.parametrize(
    ("logger", "said"), [("sources.importing", "import crashed item=%s"), ("charset_normalizer", "[hidden]")]
)
def test_a_logged_error_is_sent_as_it_stands_in_the_program(logger, said):
    logentry = {"message": "import crashed item=%s", "formatted": "import crashed item=she", "params": ["she"]}

    sent = sentry.only_what_may_be_sent({"logger": logger, "logentry": logentry}, {})

    assert sent["logentry"] == {"message": said}


@pytest.mark.parametrize(
    ("statement", "sent"),
    [
        ("SELECT 1 WHERE name = %s", "SELECT 1 WHERE name = %s"),
        ("SELECT set_config('a', E'it''s \\\\ she', true)", "SELECT set_config(?, E?, true)"),
        ("DO $x$ she $x$", "DO ?"),
        (b"SELECT 'she'", "SELECT ?"),
    ],
)
def test_values_that_are_put_into_sql_are_not_sent(statement, sent):
    assert tracing._cleaned({"db.statement": statement, "db.user": "she", "http.url": "she"}) == {"db.statement": sent}


def start(without="", **environ):
    """Start Django in a process of its own, without a package, and return how that ended."""
    program = f"import sys; sys.modules[{without!r}] = None; import django; django.setup(); print('started')"
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env={**ENVIRON, "DJANGO_SETTINGS_MODULE": "config.settings", **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


DSN, ENDPOINT = {"SENTRY_DSN": "http://key@127.0.0.1:9/7"}, {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}


@pytest.mark.parametrize(("package", "setting"), [("sentry_sdk", DSN), ("opentelemetry", ENDPOINT)])
def test_a_setting_without_its_package_stops_the_start_with_what_to_install(package, setting, tmp_path):
    assert start(without=package) == "started\n"
    [name] = setting
    said = start(without=package, **setting)

    assert f"config.apps.PackageMissing: {name} is set, but the Python package {package} is not installed." in said
    assert "requirements/tracing.txt" in said


def test_a_wrong_setting_stops_the_start_with_its_name():
    assert "ImproperlyConfigured: SENTRY_DSN must be like https://key@host/project" in start(SENTRY_DSN="sentry")
    said = start(OTEL_EXPORTER_OTLP_ENDPOINT="collector:4317")
    assert "ImproperlyConfigured: OTEL_EXPORTER_OTLP_ENDPOINT must begin with http:// or https://" in said


def test_a_dsn_may_be_in_a_file(tmp_path):
    file = tmp_path / "dsn"
    file.write_text("no dsn at all\n")

    assert "SENTRY_DSN must be like" in start(SENTRY_DSN_FILE=str(file))


def test_the_release_is_that_of_the_project():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["name"] + "@" + project["version"] == "second-source@0.1.0" == settings.SENTRY_RELEASE
