"""What a process that serves the site holds in its memory."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
#: What computes, reads pages or asks other servers: for workers, and for the few requests that need it.
HEAVY = {"feedparser", "krippendorff", "lxml", "numpy", "onnxruntime", "scipy", "snowballstemmer", "trafilatura"}


def test_what_serves_the_site_loads_nothing_that_few_requests_need():
    program = (
        "import sys, django; django.setup()\n"
        "from django.urls import get_resolver\n"
        "assert get_resolver().url_patterns\n"
        f"print(*({HEAVY!r} & sys.modules.keys()))"
    )

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=REPOSITORY,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout == "\n"
