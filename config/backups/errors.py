"""Why a backup cannot be made or restored; each message says what to do about it."""


class BackupError(Exception):
    """A backup cannot be made or restored; the message is meant for the person at the terminal."""


class FileTaken(BackupError):
    """There is a file already where the backup is to be written."""


class NotWritten(BackupError):
    """The backup could not be written; no file is left."""


class BackupBroken(BackupError):
    """The file is no backup, or not all of it; nothing was changed."""


class SchemaTooNew(BackupError):
    """The backup was made by a later version of the site; nothing was changed."""


class DatabaseInUse(BackupError):
    """The database holds rows that a restore would delete; nothing was changed."""


class NotRestored(BackupError):
    """The database refused the rows; nothing was changed."""
