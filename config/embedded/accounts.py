"""Who the servers run as, and what that user can reach."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.embedded.errors import AccountMissing

# A user of our own: processes of `nobody` could signal and trace ours, and read its files.
USER_NAME = "second-source"


@dataclass(frozen=True)
class Account:
    """The user that the servers run as; `switches` when it is another one than ours."""

    uid: int
    gid: int
    switches: bool

    def popen_options(self) -> dict[str, Any]:
        """Return the `subprocess` options that start a process as this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switches else {}

    def can_execute(self, path: Path) -> bool:
        """Return whether this user can run the file, or enter the folder, at `path`.

        It is tried rather than computed, so access lists, containers and network mounts count too.
        """
        if not self.switches:
            return os.access(path, os.X_OK)
        test = shutil.which("test") or "/usr/bin/test"
        command = [test, "-r", str(path), "-a", "-x", str(path)]
        return subprocess.run(command, cwd="/", check=False, **self.popen_options()).returncode == 0

    def own(self, path: Path) -> None:
        """Make this user the owner of `path`, a file or folder of ours."""
        if self.switches:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def service_account() -> Account:
    """Return ourselves or, as root, the system user `second-source`, which is created where it is missing.

    Raises AccountMissing when it cannot be created.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switches=False)
    try:
        user = pwd.getpwnam(USER_NAME)
    except KeyError:
        user = _create_user()
    if user.pw_uid == 0:
        raise AccountMissing(f"The user {USER_NAME} has user id 0; PostgreSQL refuses to run as root.")
    return Account(user.pw_uid, user.pw_gid, switches=True)


def _create_user() -> pwd.struct_passwd:
    remedy = f"Create a system user {USER_NAME}, or start as an ordinary user instead of root."
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if useradd is None:
        raise AccountMissing(f"Started as root, and useradd was not found. {remedy}")
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    command += ["--shell", "/usr/sbin/nologin", USER_NAME]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        # Another start may have created it at the same moment; then useradd fails and all is well.
        return pwd.getpwnam(USER_NAME)
    except KeyError:
        raise AccountMissing(f"useradd failed: {result.stderr.strip()} {remedy}") from None
