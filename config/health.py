"""Whether this process lives and can serve: asked by Docker, by load balancers and by operators."""

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from kombu import Connection
from kombu.exceptions import OperationalError

BROKER_TIMEOUT_S = 2


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when the database answers, else 503."""
    trouble = database_trouble()
    return _answer([f"database: {trouble}"] if trouble else [])


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when all that serving takes is there, else 503 with a line for each thing that is not.

    What is wrong with it is not told to everybody: errors name hosts and accounts.
    """
    checks: dict[str, Callable[[], str]] = {
        "database": database_trouble,
        "migrations": migrations_trouble,
        "broker": lambda: "does not answer" if broker_trouble(settings.CELERY_BROKER_URL) else "",
    }
    return _answer([f"{name}: {trouble}" for name, check in checks.items() if (trouble := check())])


def database_trouble() -> str:
    """Return what is wrong with the database, or nothing."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except DatabaseError:
        return "does not answer"
    return ""


def migrations_trouble() -> str:
    """Return which migrations of this version the tables have not had, or nothing."""
    try:
        missing = missing_migrations()
    except DatabaseError:
        return "cannot be read"
    return f"not applied: {', '.join(missing)}" if missing else ""


def missing_migrations() -> list[str]:
    """Return the migrations of this version that the tables have not had, as `claims.0001_initial`."""
    applied = MigrationRecorder(connection).applied_migrations()
    return [f"{app}.{name}" for app, name in sorted(_migrations() - set(applied))]


@cache
def _migrations() -> frozenset[tuple[str, str]]:
    """Return the migrations of the code that runs; it does not change while it does."""
    return frozenset(MigrationLoader(None).disk_migrations or {})


def broker_trouble(url: str) -> str:
    """Return what is wrong with the broker, or nothing."""
    with Connection(url, connect_timeout=BROKER_TIMEOUT_S) as broker:
        # A broker that refuses the account is none that cannot be reached, and says so by an error of its own.
        errors: tuple[type[BaseException], ...] = (OperationalError, *broker.connection_errors, *broker.channel_errors)
        try:
            broker.ensure_connection(max_retries=1, timeout=BROKER_TIMEOUT_S)
        except errors as error:
            return f"does not answer: {error}"
    return ""


def _answer(troubles: list[str]) -> HttpResponse:
    if troubles:
        return HttpResponse("".join(f"{trouble}\n" for trouble in troubles), content_type="text/plain", status=503)
    return HttpResponse("ok\n", content_type="text/plain")
