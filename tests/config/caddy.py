"""deploy/Caddyfile as a Caddy of this machine reads it, before a site at another address."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.config.running import REPOSITORY

MISSING = "No Caddy was found: install Debian’s package “caddy” (apt-get install caddy)."
#: From this one on, `request_buffers` is what were `buffer_requests` and `max_buffer_size` before; the image has it.
BUFFERS_BY_SIZE = (2, 7)


def find() -> str | None:
    return shutil.which("caddy")


def settings(caddy: str, *, site: str, folder: Path) -> dict[str, Any]:
    """Return what the file says, as Caddy's JSON, with the site at `site` and nothing that administers it.

    `folder` is where Caddy may write.
    """
    text = (REPOSITORY / "deploy/Caddyfile").read_text(encoding="utf-8")
    if _version(caddy) < BUFFERS_BY_SIZE:
        text = re.sub(r"request_buffers (\S+)", r"buffer_requests\nmax_buffer_size \1", text)
    (folder / "Caddyfile").write_text(text, encoding="utf-8")
    adapt = [caddy, "adapt", "--adapter", "caddyfile", "--config", str(folder / "Caddyfile")]
    adapted = subprocess.run(adapt, env=environ(folder), capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(adapted.replace("web:8000", site))
    found["admin"] = {"disabled": True}
    return found


def environ(folder: Path) -> dict[str, str]:
    """Return what Caddy finds set."""
    return {"PATH": "/usr/bin:/bin", "HOME": str(folder), "SITE_HOST": "localhost"}


def _version(caddy: str) -> tuple[int, ...]:
    told = subprocess.run([caddy, "version"], capture_output=True, text=True, check=True).stdout
    found = re.match(r"v?(\d+)\.(\d+)", told)
    # One built by hand tells none: it is new.
    return tuple(map(int, found.groups())) if found else BUFFERS_BY_SIZE
