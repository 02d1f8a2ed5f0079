"""Traces by OpenTelemetry: what a request did, with its queries and the tasks that it queued, as spans of one trace.

Each span has the ids that log lines have. As in Sentry's case, only what may be sent is: no addresses of visitors, no
queries of people, no values of SQL, no messages of errors.
"""

import os
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from celery.signals import worker_process_shutdown
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.signals import request_started
from opentelemetry import context, propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.celery import CeleryInstrumentor
from opentelemetry.instrumentation.dbapi import DatabaseApiIntegration, get_traced_cursor_proxy
from opentelemetry.instrumentation.django import DjangoInstrumentor
from opentelemetry.instrumentation.psycopg import PsycopgInstrumentor
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import Event, ReadableSpan, Span, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from opentelemetry.util.re import parse_env_headers

from claims import prepared
from config.logs import current_ids, without_secrets

#: Watchers ask these every few seconds.
_NOT_TRACED = r"/(healthz|readyz|metrics)\??$"
_KEPT = {
    *("request_id", "task_id", "exception.type", "error.type"),
    *("http.method", "http.request.method", "http.route", "http.status_code", "http.response.status_code"),
    *("db.system", "db.system.name", "db.name", "db.namespace", "db.statement", "db.query.text"),
    *("messaging.message.id", "messaging.destination", "messaging.destination.name"),
    *("celery.action", "celery.task_name", "celery.state", "celery.retries", "celery.hostname"),
}
_SQL = {"db.statement", "db.query.text"}
_SQL_VALUES = re.compile(r"'(?:[^']|'')*'|\$(\w*)\$.*?\$\1\$", re.DOTALL)
_SQL_CHARACTERS = 2_000


def start() -> None:
    """Trace requests, tasks and queries from now on, also in processes that are forked from this one.

    Raises ImproperlyConfigured where OTEL_EXPORTER_OTLP_ENDPOINT is no address.
    """
    endpoint = settings.OTEL_EXPORTER_OTLP_ENDPOINT
    if not endpoint.startswith(("http://", "https://")):
        raise ImproperlyConfigured(
            f"OTEL_EXPORTER_OTLP_ENDPOINT must begin with http:// or https://, not {endpoint!r}: "
            "traces are sent by OTLP over HTTP, to the port 4318 of most collectors."
        )
    exporter = OTLPSpanExporter(
        endpoint=f"{endpoint.rstrip('/')}/v1/traces",
        headers=parse_env_headers(settings.OTEL_EXPORTER_OTLP_HEADERS, liberal=True),
    )
    name = os.environ.get("OTEL_SERVICE_NAME") or "second-source"
    version = settings.SENTRY_RELEASE.partition("@")[2]
    provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name, SERVICE_VERSION: version}))
    provider.add_span_processor(_Ids())
    # It sends from a thread, which each forked process starts anew.
    provider.add_span_processor(BatchSpanProcessor(_Cleaned(exporter)))
    trace.set_tracer_provider(provider)
    # Without the baggage that strangers may send along.
    propagate.set_global_textmap(TraceContextTextMapPropagator())
    DjangoInstrumentor().instrument(
        tracer_provider=provider,
        excluded_urls=_NOT_TRACED,
        middleware_position=settings.MIDDLEWARE.index("config.requests.RequestMiddleware") + 1,
    )
    CeleryInstrumentor().instrument(tracer_provider=provider)
    PsycopgInstrumentor().instrument(tracer_provider=provider)
    prepared.traced = queries_traced(provider)
    request_started.connect(_forget_what_was_left, weak=False)
    # A worker's processes end without what Python does at its exit.
    worker_process_shutdown.connect(lambda **signal: provider.force_flush(), weak=False)


def queries_traced(provider: TracerProvider) -> Callable[[Any], Any]:
    """Return what gives a cursor of our own the spans that PsycopgInstrumentor gives to those of connections."""

    def traced(cursor: Any) -> Any:
        # Of its own connection each: it holds the name of the database.
        spans = DatabaseApiIntegration(
            PsycopgInstrumentor.__module__,
            "postgresql",
            {"database": "info.dbname"},
            tracer_provider=provider,
        )
        spans.get_connection_attributes(cursor.connection)
        return get_traced_cursor_proxy(cursor, spans)

    return traced


def _forget_what_was_left(**signal: Any) -> None:
    """Begin each request outside of any span: one stays open in its thread where the broker refused a task."""
    context.attach(context.Context())


class _Ids(SpanProcessor):
    """Gives each span the ids that the log lines of its request and task have."""

    def on_start(self, span: Span, parent_context: context.Context | None = None) -> None:
        span.set_attributes(current_ids())


class _Cleaned(SpanExporter):
    """Exports what of spans may leave the site."""

    def __init__(self, exporter: SpanExporter) -> None:
        self.exporter = exporter

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        return self.exporter.export([only_what_may_be_sent(span) for span in spans])

    def shutdown(self) -> None:
        self.exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self.exporter.force_flush(timeout_millis)


def only_what_may_be_sent(span: ReadableSpan) -> ReadableSpan:
    """Return a new span with what of one may leave the site."""
    return ReadableSpan(
        name=without_secrets(span.name),
        context=span.get_span_context(),
        parent=span.parent,
        resource=span.resource,
        attributes=_cleaned(span.attributes),
        events=[Event(event.name, _cleaned(event.attributes), event.timestamp) for event in span.events],
        links=span.links,
        kind=span.kind,
        # Its description is the message of an error.
        status=trace.Status(span.status.status_code),
        start_time=span.start_time,
        end_time=span.end_time,
        instrumentation_scope=span.instrumentation_scope,
    )


def _cleaned(attributes: Mapping[str, Any] | None) -> dict[str, Any]:
    kept = {name: value for name, value in (attributes or {}).items() if name in _KEPT}
    return kept | {name: _without_values(kept[name]) for name in _SQL & kept.keys()}


def _without_values(statement: Any) -> str:
    """Return SQL with `?` for each text in it: parameters are not in it, but what is put in by hand would be."""
    text = statement.decode(errors="replace") if isinstance(statement, bytes) else str(statement)
    return without_secrets(_SQL_VALUES.sub("?", text))[:_SQL_CHARACTERS]
