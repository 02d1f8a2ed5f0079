"""The project as a Django app: what is started with every process of it."""

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class PackageMissing(ImproperlyConfigured):
    """A setting asks for what only an optional package does, and it is not installed."""

    def __init__(self, setting: str, package: str) -> None:
        super().__init__(
            f"{setting} is set, but the Python package {package} is not installed. Install requirements/tracing.txt, "
            f"which holds requirements/base.txt (in containers: TRACING=1), or do not set {setting}."
        )


class ProjectConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        """Begin to report errors and to trace, where a setting asks for it: before requests, tasks and forks.

        Tasks are sent by the application of config/celery.py from now on, whatever thread they are sent from.
        """
        from config.celery import app

        app.set_default()
        for setting, module in (
            ("SENTRY_DSN", "config.sentry"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "config.tracing"),
        ):
            if getattr(settings, setting):
                _optional(module, setting).start()


def _optional(module: str, setting: str) -> Any:
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise PackageMissing(setting, error.name or module) from error
