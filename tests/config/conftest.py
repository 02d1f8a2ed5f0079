import socket
import tempfile
from pathlib import Path

import pytest

from config.embedded import folders
from tests.config.running import Up, manage


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
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
