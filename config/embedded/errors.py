"""Why the embedded services cannot run; each message says what to do about it."""


class EmbeddedError(Exception):
    """The embedded services cannot do what was asked; the message is meant for the person at the terminal."""


class AccountMissing(EmbeddedError):
    """Started as root, and there is no unprivileged user for the services to run as."""


class HomeUnusable(EmbeddedError):
    """The home folder, or a folder beside it, is not safe or not possible to use."""


class WheelMissing(EmbeddedError):
    """A package that carries a server's binaries is not installed, or lacks them for this machine."""


class ServiceFailed(EmbeddedError):
    """A server did not start, or stopped answering."""


class AlreadyRunning(EmbeddedError):
    """Another `up` holds this home."""


class NotRunning(EmbeddedError):
    """No `up` holds this home."""


class AddressTaken(EmbeddedError):
    """The address the pages are to be served on cannot be listened on."""
