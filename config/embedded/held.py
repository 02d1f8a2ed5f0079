"""A program that is started early, to load what it needs, and begins its work when it is told to."""

import os
import sys

_VARIABLE = "SECOND_SOURCE_HELD"
#: What it is told on its standard input.
WORD = b"begin\n"
#: What a program finds in its environment when it is to wait for that.
ENVIRON = {_VARIABLE: "1"}


def is_asked() -> bool:
    """Return whether this process is to wait before it begins."""
    return _VARIABLE in os.environ


def wait() -> None:
    """Return once this process may begin: at once, unless it was started held.

    Ends the process when whoever holds it is gone.
    """
    if os.environ.pop(_VARIABLE, None) and sys.stdin.buffer.readline() != WORD:
        sys.exit("nobody is there any more to say that the work may begin")
