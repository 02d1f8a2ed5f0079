"""Where the embedded services keep what outlives them, closed to every other local user."""

import json
import os
import secrets
import shutil
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded.accounts import Account
from config.embedded.errors import HomeUnusable

# For servers that run as another user and cannot reach the home, such as one below /root.
SYSTEM_STATE = Path("/var/lib/second-source")
# sun_path holds 108 bytes on Linux and 104 on macOS, with a NUL at the end.
SOCKET_PATH_MAX_BYTES = 103 if os.uname().sysname == "Darwin" else 107
# The longest name of a socket in the socket folder; PostgreSQL gives its own this one.
LONGEST_SOCKET_NAME = ".s.PGSQL.5432"
_MARK = "home.json"


@dataclass(frozen=True)
class Folders:
    """The folders of one home: ours in `home`; those of the servers' user in `services` and `sockets`."""

    home: Path
    services: Path
    sockets: Path
    account: Account

    def server_folder(self, name: str) -> Path:
        """Return the private folder `name` of the servers' user, made where it is missing."""
        return _private(self.services / name, self.account)


def open_home(home: Path) -> None:
    """Make the folder `home`, ours alone, where it is missing.

    Raises HomeUnusable when it cannot be made, is not ours, or has other things in it.
    """
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        remedy = "Choose another with --home or SECOND_SOURCE_HOME."
        raise HomeUnusable(f"{home} cannot be made a folder: {error}. {remedy}") from error
    _require_own(home.resolve(), os.geteuid())
    if _identity(home) is None:
        if any(path.name != "lock" for path in home.iterdir()):
            # A folder with other things in it must keep its mode: it may be /tmp, or somebody's project.
            raise HomeUnusable(f"{home} holds other files. Choose a new or an empty folder as home.")
        home.chmod(0o700)


def prepare(home: Path, account: Account) -> Folders:
    """Return the folders of `home`, made where they are missing; nothing else changes mode or owner.

    Raises HomeUnusable when a folder belongs to somebody else, or holds something else.
    """
    home = home.absolute()
    open_home(home)
    identity = _identity(home)
    if identity is None:
        identity = secrets.token_hex(6)
        write_private(home / _MARK, {"id": identity})
    services, sockets = home, home / "sockets"
    if account.switches:
        # The servers' user may pass through, by its group; nobody else may.
        os.chown(home, -1, account.gid)
        home.chmod(0o710)
        if not _lets_through(home, account) or not _fits(sockets):
            services = _system_state(identity, home, account)
            sockets = services / "sockets"
    elif not _fits(sockets):
        sockets = _short_folder(identity)
    return Folders(home, services, _private(sockets, account), account)


def remove(home: Path) -> None:
    """Delete the folder `home` and all that belongs to it elsewhere; nothing when there is none.

    Raises HomeUnusable when the folder is not a home of ours.
    """
    home = home.absolute()
    if not home.exists():
        return
    identity = _identity(home)
    if identity is None:
        raise HomeUnusable(f"{home} was not made by `up`, so it is not deleted.")
    for base in (SYSTEM_STATE, *_short_bases()):
        ours = base.is_dir() and not base.is_symlink() and base.stat().st_uid == os.geteuid()
        if ours and (base / identity).is_dir():
            shutil.rmtree(base / identity)
    shutil.rmtree(home)


def write_private(path: Path, content: dict[str, Any]) -> None:
    """Replace `path` by `content` as JSON, readable by us alone; a reader sees the old or the new, whole."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def read_json(path: Path) -> dict[str, Any]:
    """Return what `write_private` wrote to `path`, or {} when it has not.

    Raises HomeUnusable when the file cannot be read.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise HomeUnusable(f"{path} cannot be read: {error}. Restore it, or delete it to start afresh.") from error
    if not isinstance(content, dict):
        raise HomeUnusable(f"{path} does not hold a JSON object. Restore it, or delete it to start afresh.")
    return content


def _identity(home: Path) -> str | None:
    identity = read_json(home / _MARK).get("id")
    if identity is None:
        return None
    if not isinstance(identity, str) or not identity.isalnum():
        raise HomeUnusable(f"{home / _MARK} has no usable id. Choose another home with --home.")
    return identity


def _lets_through(home: Path, account: Account) -> bool:
    # `home` itself gives no reading to the servers' user, so what is tried is a folder inside it.
    probe = _private(home / "sockets", account)
    return account.can_execute(probe)


def _system_state(identity: str, home: Path, account: Account) -> Path:
    """Return the folder of this home under /var/lib, which the servers' user can enter and others cannot."""
    for folder in (SYSTEM_STATE, SYSTEM_STATE / identity):
        folder.mkdir(mode=0o710, parents=True, exist_ok=True)
        _require_own(folder, 0)
        os.chown(folder, 0, account.gid)
        folder.chmod(0o710)
    write_private(SYSTEM_STATE / identity / "home.json", {"home": str(home)})
    return SYSTEM_STATE / identity


def _short_bases() -> list[Path]:
    uid = os.geteuid()
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    bases = [Path(runtime)] if runtime.startswith("/") else []
    return [base / f"second-source-{uid}" for base in [*bases, Path(tempfile.gettempdir()).resolve()]]


def _short_folder(identity: str) -> Path:
    """Return a private folder for sockets whose path is short enough, whatever the home is called."""
    for base in _short_bases():
        if base.parent.is_dir() and os.access(base.parent, os.W_OK | os.X_OK) and _fits(base / identity):
            base.mkdir(mode=0o700, exist_ok=True)
            _require_own(base, os.geteuid())
            if stat.S_IMODE(base.lstat().st_mode) & 0o077:
                raise HomeUnusable(f"{base} is open to other users. Delete it, and start again.")
            return base / identity
    raise HomeUnusable(
        f"No folder for sockets has a path of at most {SOCKET_PATH_MAX_BYTES} bytes without a comma. "
        "Choose a shorter home with --home, or a shorter TMPDIR."
    )


def _fits(sockets: Path) -> bool:
    """Return whether clients can be given a socket in that folder; to libpq a comma separates two hosts."""
    return "," not in str(sockets) and len(os.fsencode(sockets / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_MAX_BYTES


def _private(folder: Path, account: Account) -> Path:
    """Return `folder`, open to the servers' user alone."""
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        _require_own(folder, account.uid, os.geteuid())
    account.own(folder)
    folder.chmod(0o700)
    return folder


def _require_own(folder: Path, *uids: int) -> None:
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in uids:
        raise HomeUnusable(f"{folder} belongs to user id {found.st_uid}, or is no folder. Choose another home.")
