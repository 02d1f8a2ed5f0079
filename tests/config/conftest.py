import tempfile
from pathlib import Path

import pytest

from config.embedded import folders
from tests.config.running import START_TIMEOUT_S, Up, folder_in_memory, free_port, manage


@pytest.fixture
def quick_path():
    """Give a folder for servers that wait for each write to be on the disk, which nobody needs there."""
    with tempfile.TemporaryDirectory(prefix="ss-", dir=folder_in_memory()) as folder:
        path = Path(folder)
        path.chmod(0o755)
        yield path


@pytest.fixture
def home(quick_path):
    home = quick_path / "home"
    yield home
    manage("down", "--home", str(home))
    while Up.started:
        Up.started.pop().process.wait(START_TIMEOUT_S)
    folders.remove(home)


@pytest.fixture
def port():
    return free_port()
