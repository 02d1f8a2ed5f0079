"""Typed reading of environment variables; a wrong value stops the start with its name."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from django.core.exceptions import ImproperlyConfigured

T = TypeVar("T")


def _read(name: str, default: T, parse: Callable[[str], T], expected: str) -> T:
    raw = os.environ.get(name, "")
    if not raw.strip():
        return default
    try:
        return parse(raw.strip())
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be {expected}, not {raw!r}") from error


def _parse_flag(raw: str) -> bool:
    words = {
        "1": True,
        "true": True,
        "yes": True,
        "on": True,
        "0": False,
        "false": False,
        "no": False,
        "off": False,
    }
    if raw.lower() not in words:
        raise ValueError(raw)
    return words[raw.lower()]


def flag(name: str, *, default: bool) -> bool:
    return _read(name, default, _parse_flag, "one of 1, 0, true, false, yes, no, on, off")


def integer(name: str, *, default: int, minimum: int = 0) -> int:
    def parse(raw: str) -> int:
        value = int(raw)
        if value < minimum:
            raise ValueError(raw)
        return value

    return _read(name, default, parse, f"a whole number of at least {minimum}")


def text(name: str, *, default: str = "") -> str:
    return _read(name, default, str, "text")


def words(name: str, *, default: list[str]) -> list[str]:
    """Return the comma-separated words of a variable."""
    return _read(name, default, lambda raw: [word.strip() for word in raw.split(",") if word.strip()], "a list")


def parse_numbers(raw: str, *, default: Mapping[str, int], minimum: int = 0) -> dict[str, int]:
    """Return `default` with what words like `a=1,b=2` say otherwise.

    Raises ValueError for a name that `default` has not, and for what is no whole number of at least `minimum`.
    """
    found = dict(default)
    for word in filter(None, map(str.strip, raw.split(","))):
        key, _, value = map(str.strip, word.partition("="))
        if key not in default:
            raise ValueError(f"{key!r} is not one of {', '.join(default)}")
        if not (value.isascii() and value.isdigit() and int(value) >= minimum):
            raise ValueError(f"{word!r} must be {key}= and a whole number of at least {minimum}")
        found[key] = int(value)
    return found


def numbers(name: str, *, default: Mapping[str, int], minimum: int = 0) -> dict[str, int]:
    """Return `default` with what a variable like `a=1,b=2` says otherwise."""
    return _read(
        name,
        dict(default),
        lambda raw: parse_numbers(raw, default=default, minimum=minimum),
        f"words like {next(iter(default))}=30, of {', '.join(default)}, each with a whole number of at least {minimum}",
    )


def path(name: str, *, default: Path) -> Path:
    """Return a path with `~` expanded, made absolute."""
    return _read(name, default, lambda raw: Path(raw).expanduser(), "a path").absolute()


def secret(name: str, *, default: str = "") -> str:
    """Return the secret in variable `name`, or in the file that `name_FILE` points to."""
    file = os.environ.get(f"{name}_FILE", "")
    if not file:
        return text(name, default=default)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error}") from error
