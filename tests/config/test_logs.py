"""Log lines: no secret in them, and the ids by which those of one request and its tasks are found together."""

import json
import logging
import re
import secrets
import sys
import time

import pytest
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.http import HttpResponse
from django.test import RequestFactory

from config import logs, queues
from config.logs import JsonFormatter, LineFormatter, request_id, without_secrets
from config.requests import RequestMiddleware
from tests.config.running import START_TIMEOUT_S, wait_until

LINE = LineFormatter("%(levelname)s %(name)s %(message)s")


def record_of(message, *arguments, error=None):
    return logging.LogRecord("sources", logging.INFO, __file__, 1, message, arguments, error)


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        ("connection to postgresql://site:Pa55-word@db:5432/x failed", "Pa55-word"),
        ("redis+socket://:s3cr3t_s3cr3t@/run/valkey?virtual_host=0", "s3cr3t_s3cr3t"),
        ("amqp://site:it%27s@broker:5672//", "it%27s"),
        ("Authorization: Bearer eyJhbGciOi.J9.abc-_x", "eyJhbGciOi"),
        ("headers={'Authorization': 'Basic ZWQ6c2VjcmV0'}", "ZWQ6c2VjcmV0"),
        ("sent bearer 0123456789abcdef", "0123456789abcdef"),
        ("POST password=hunter2&next=/", "hunter2"),
        ('{"api_key": "k-123456"}', "k-123456"),
        ("METRICS_TOKEN=abcdef", "abcdef"),
        ("asked with sst_0123456789abcdef0123456789abcdef01234567", "0123456789abcdef"),
        ("signed with whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "MfKQ9r8GKYqrTw"),
        ("Cookie: sessionid=q1w2e3r4; csrftoken=t5z6u7i8", "q1w2e3r4"),
        ("Not Found: /accounts/invitations/AbC-123/", "AbC-123"),
        ("Not Found: /accounts/password/reset/key/4-set-password-77/", "4-set-password-77"),
    ],
)
def test_what_looks_like_a_secret_is_in_no_line(line, secret):
    assert secret in line
    for formatter in (LINE, JsonFormatter()):
        shown = formatter.format(record_of(line))
        assert secret not in shown
        assert "[hidden]" in shown


def test_what_is_no_secret_stays():
    line = "fetched https://news.example/a?page=2#top host=news.example:443 status=200 tokens=7"

    assert without_secrets(line) == line


def test_a_long_line_is_searched_in_no_time():
    line = "a" * 200_000 + "://" + "password" * 20_000
    began = time.thread_time()
    without_secrets(line)

    assert time.thread_time() - began < 2


def test_the_secrets_of_this_installation_are_hidden_wherever_they_stand(settings):
    settings.METRICS_TOKEN = "a token that looks like words"
    logs._known_secrets.cache_clear()
    try:
        raise ValueError(f"key {settings.SECRET_KEY} and {settings.METRICS_TOKEN}")
    except ValueError:
        record = record_of("failed", error=sys.exc_info())
    for formatter in (LINE, JsonFormatter()):
        shown = formatter.format(record)
        assert "ValueError" in shown
        assert settings.SECRET_KEY not in shown
        assert settings.METRICS_TOKEN not in shown
    logs._known_secrets.cache_clear()


def test_every_logger_of_the_site_writes_through_a_formatter_that_hides():
    formatters = settings.LOGGING["formatters"]
    assert {formatter["()"] for formatter in formatters.values()} == {
        "config.logs.LineFormatter",
        "config.logs.JsonFormatter",
    }
    own = [name for name, logger in settings.LOGGING["loggers"].items() if logger.get("handlers")]
    assert own == []


def test_json_lines_are_one_object_each():
    shown = JsonFormatter().format(record_of("imported outlet=%s", "two\nlines “quoted”"))

    assert "\n" not in shown
    content = json.loads(shown)
    assert content.pop("time").endswith("+00:00")
    assert content == {"level": "INFO", "logger": "sources", "message": "imported outlet=two\nlines “quoted”"}


def answer_to(given=None, path="/claims/"):
    seen = []

    def answer(request):
        seen.append(request_id.get())
        return HttpResponse()

    request = RequestFactory().get(path, headers={"X-Request-ID": given} if given else {})
    return RequestMiddleware(answer)(request).headers["X-Request-ID"], seen


def test_a_request_keeps_the_id_that_a_proxy_gave_it():
    assert answer_to("proxy-1.a_B") == ("proxy-1.a_B", ["proxy-1.a_B"])
    assert request_id.get() == ""


@pytest.mark.parametrize("given", [None, "two words", "x" * 65, "a\tb", "<script>"])
def test_a_request_without_a_usable_id_gets_one(given):
    sent, seen = answer_to(given)

    assert re.fullmatch(r"[0-9a-f]{32}", sent)
    assert seen == [sent]


def test_each_request_has_a_line_that_no_path_can_forge(caplog):
    with caplog.at_level(logging.INFO, "second_source.requests"):
        answer_to(path="/claims/%0AERROR forged?q=private")
    [line] = [record.getMessage() for record in caplog.records]

    assert re.fullmatch(r"method=GET path=/claims/\ufffdERROR\ufffdforged view= status=200 ms=\d+", line)


def test_a_task_logs_the_id_of_the_request_that_queued_it():
    own = Celery("own", set_as_current=False)
    own.config_from_object(queues)
    own.conf.broker_transport_options = {**queues.broker_transport_options, "global_keyprefix": secrets.token_hex(8)}
    lines = []

    @own.task(name="claims.first", shared=False)
    def first():
        lines.append(LINE.format(record_of("first")))
        second.delay()

    @own.task(name="claims.second", shared=False)
    def second():
        lines.append(LINE.format(record_of("second")))

    token = request_id.set("request-7")
    task = first.delay()
    request_id.reset(token)
    with start_worker(own, pool="solo", concurrency=1, perform_ping_check=False, shutdown_timeout=START_TIMEOUT_S):
        wait_until(lambda: len(lines) == 2)
    own.close()

    assert lines[0] == f"INFO sources first request_id=request-7 task_id={task.id}"
    assert re.fullmatch(r"INFO sources second request_id=request-7 task_id=[0-9a-f-]{36}", lines[1])
    assert task.id not in lines[1]
