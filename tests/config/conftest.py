import tempfile
from pathlib import Path

import pytest

from config.embedded import folders
from tests.config.running import Up, free_port, manage


@pytest.fixture
def home():
    with tempfile.TemporaryDirectory(prefix="ss-") as base:
        Path(base).chmod(0o755)
        home = Path(base) / "home"
        yield home
        manage("down", "--home", str(home))
        while Up.started:
            Up.started.pop().process.wait(60)
        folders.remove(home)


@pytest.fixture
def port():
    return free_port()
