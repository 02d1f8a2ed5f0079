import os
import stat
import tempfile
from pathlib import Path

import pytest

from config.embedded import folders
from config.embedded.accounts import Account, service_account
from config.embedded.errors import HomeUnusable

OURSELVES = Account(os.geteuid(), os.getegid(), switches=False)


@pytest.fixture
def short_base(monkeypatch):
    """A folder with a short path, as XDG_RUNTIME_DIR; pytest's own are long."""
    with tempfile.TemporaryDirectory(prefix="ss-") as base:
        monkeypatch.setenv("XDG_RUNTIME_DIR", base)
        yield Path(base)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_home_is_open_to_its_owner_alone(short_base):
    places = folders.prepare(short_base / "home", OURSELVES)

    assert mode(places.home) == mode(places.sockets) == mode(places.server_folder("postgres")) == 0o700


def test_a_home_keeps_its_identity(short_base):
    folders.prepare(short_base / "home", OURSELVES)
    first = (short_base / "home/home.json").read_text()
    folders.prepare(short_base / "home", OURSELVES)

    assert (short_base / "home/home.json").read_text() == first


def test_a_folder_with_other_things_in_it_is_refused_and_keeps_its_mode(tmp_path):
    tmp_path.chmod(0o755)
    (tmp_path / "thesis.txt").write_text("mine")

    with pytest.raises(HomeUnusable, match="holds other files"):
        folders.prepare(tmp_path, OURSELVES)
    assert mode(tmp_path) == 0o755
    with pytest.raises(HomeUnusable, match="not made by `up`"):
        folders.remove(tmp_path)
    assert (tmp_path / "thesis.txt").exists()


def test_a_file_is_no_home(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(HomeUnusable, match="cannot be made a folder"):
        folders.prepare(tmp_path / "file", OURSELVES)


def test_a_long_home_has_its_sockets_in_a_short_private_folder(short_base, tmp_path):
    home = tmp_path / ("deep-" * 20) / ("deeper-" * 20)
    places = folders.prepare(home, OURSELVES)

    assert places.sockets.is_relative_to(short_base)
    assert len(os.fsencode(places.sockets / folders.LONGEST_SOCKET_NAME)) <= folders.SOCKET_PATH_MAX_BYTES
    assert mode(places.sockets) == mode(places.sockets.parent) == 0o700
    assert folders.prepare(home, OURSELVES).sockets == places.sockets

    folders.remove(home)
    assert not places.sockets.exists()
    assert not home.exists()


def test_the_length_of_a_path_is_counted_in_bytes():
    characters = "ü" * 60

    assert not folders._fits(Path("/") / characters)
    assert folders._fits(Path("/") / ("u" * 60))


def test_a_short_folder_that_others_can_enter_is_refused(short_base, tmp_path):
    planted = short_base / f"second-source-{os.geteuid()}"
    planted.mkdir()
    planted.chmod(0o777)

    with pytest.raises(HomeUnusable, match="open to other users"):
        folders.prepare(tmp_path / ("long-" * 25), OURSELVES)


def test_a_short_folder_that_is_a_link_is_refused(short_base, tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (short_base / f"second-source-{os.geteuid()}").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(HomeUnusable, match="no folder"):
        folders.prepare(tmp_path / ("long-" * 25), OURSELVES)


def test_a_damaged_file_of_the_home_is_named(tmp_path):
    (tmp_path / "services.json").write_text('{"database_url": ')

    with pytest.raises(HomeUnusable, match=r"services\.json cannot be read"):
        folders.read_json(tmp_path / "services.json")


def test_secrets_are_written_for_their_owner_alone(tmp_path):
    folders.write_private(tmp_path / "services.json", {"secret_key": "k"})

    assert mode(tmp_path / "services.json") == 0o600
    assert folders.read_json(tmp_path / "services.json") == {"secret_key": "k"}
    assert [path.name for path in tmp_path.iterdir()] == ["services.json"]


as_root = pytest.mark.skipif(os.geteuid() != 0, reason="what root has to take care of")


@as_root
def test_root_starts_servers_as_an_unprivileged_user_of_their_own():
    account = service_account()

    assert account.switches
    assert account.uid not in (0, 65534)


@as_root
def test_as_root_servers_pass_through_a_reachable_home_and_others_do_not(short_base):
    short_base.chmod(0o755)
    account = service_account()
    places = folders.prepare(short_base / "home", account)

    assert places.services == places.home
    assert (mode(places.home), places.home.stat().st_uid, places.home.stat().st_gid) == (0o710, 0, account.gid)
    assert places.sockets.stat().st_uid == account.uid


@as_root
def test_as_root_a_home_that_servers_cannot_reach_has_their_folders_elsewhere(short_base):
    short_base.chmod(0o700)
    home = short_base / "home"
    places = folders.prepare(home, service_account())

    assert places.services.is_relative_to(folders.SYSTEM_STATE)
    assert mode(short_base) == 0o700
    assert folders.prepare(home, service_account()).services == places.services

    folders.remove(home)
    assert not places.services.exists()
