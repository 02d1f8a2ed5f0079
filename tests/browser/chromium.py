"""Where Chromium is, and how it is started."""

import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM_MISSING = "No Chromium was found: install Debian’s package “chromium” (apt-get install chromium)."
# Root in a container may neither use the sandbox nor much of /dev/shm.
ARGUMENTS = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]


def find_chromium() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)
