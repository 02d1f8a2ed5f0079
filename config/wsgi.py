"""WSGI entry point, served by gunicorn."""

import os
import sys

import django
from django.core.management.base import BaseCommand, SystemCheckError
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from config.embedded import held

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup(set_prefix=False)
# Imports what answers requests: once, before gunicorn forks its processes, which share it.
_ = get_resolver().url_patterns
if held.is_asked():
    # Started by `up` while tables and static files are still being made. Meanwhile: will the settings do?
    try:
        BaseCommand().check()
    except SystemCheckError as error:
        sys.exit(str(error))
    held.wait()
application = get_wsgi_application()
