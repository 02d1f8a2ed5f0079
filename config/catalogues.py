"""Translations: gather the strings of pages and programs into locale/, compile them, and find what is wrong with them.

`python -m config.catalogues` does it, `--check` only says what is wrong. It takes Babel, a development dependency, and
no GNU gettext. How to translate is in docs/translating.md.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
#: Folders of `locale/`, as Django names them.
LOCALES = ("ru", "zh_Hans")
PACKAGES = ("accounts", "claims", "config", "notices", "sources")
#: The functions that mark a string, and which of their arguments hold it; `c` is its context.
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
COMMENT_TAGS = ("Translators:",)
WIDTH = 110
# Babel would write when it was; git knows.
_NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)

_PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w*\}|</?\w+")
_WIDE = ("、", "，", "：", "；", "。")
# Headers that would make each run a change.
_CHANGING_HEADER = re.compile(
    r'^"(?:POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|Report-Msgid-Bugs-To): .*\n',
    re.MULTILINE,
)


def gather(root: Path = ROOT) -> Catalog:
    """Return every marked string of the templates and the Python code under `root`, with the files it is in."""
    gathered = Catalog(project="Second Source", charset="utf-8")
    for path in _files(root):
        for _line, message, comments, context in _marked(path):
            place = path.relative_to(root).as_posix()
            gathered.add(message, locations=[(place, 0)], auto_comments=comments, context=context)
    return gathered


def _files(root: Path) -> Iterator[Path]:
    for package in PACKAGES:
        yield from sorted(path for path in (root / package).rglob("*.py") if "migrations" not in path.parts)
    yield from sorted(path for path in (root / "templates").rglob("*") if path.suffix in {".html", ".txt"})


def _marked(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], list[str], str | None]]:
    source = path.read_bytes()
    if path.suffix != ".py":
        # What templatize leaves is Python but for the indentation of the page.
        lines = templatize(source.decode(), origin=str(path)).splitlines()
        source = "\n".join(line.lstrip() for line in lines).encode()
    yield from extract("python", BytesIO(source), keywords=KEYWORDS, comment_tags=COMMENT_TAGS)


def read(locale: str, root: Path = ROOT) -> Catalog:
    """Return what is translated so far; an empty catalogue where nothing is."""
    path = _path(locale, root, "po")
    if not path.exists():
        return Catalog(locale=locale, project="Second Source", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def _path(locale: str, root: Path, suffix: str) -> Path:
    return root / "locale" / locale / "LC_MESSAGES" / f"django.{suffix}"


def update(locale: str, gathered: Catalog, root: Path = ROOT) -> Catalog:
    """Bring the catalogue of a locale up to the gathered strings, keep its translations, write and compile it."""
    catalogue = read(locale, root)
    catalogue.update(gathered, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    catalogue.header_comment = "# Second Source: docs/translating.md says how to change this file."
    catalogue.fuzzy = False
    path = _path(locale, root, "po")
    path.parent.mkdir(parents=True, exist_ok=True)
    written = BytesIO()
    write_po(written, catalogue, width=WIDTH, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    path.write_text(_CHANGING_HEADER.sub("", written.getvalue().decode()), encoding="utf-8")
    _path(locale, root, "mo").write_bytes(_compiled(read(locale, root)))
    return catalogue


def _compiled(catalogue: Catalog) -> bytes:
    """Return the form that Django reads; the same catalogue always gives the same bytes."""
    catalogue.creation_date = catalogue.revision_date = _NO_DATE
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def faults(locale: str, gathered: Catalog, root: Path = ROOT) -> list[str]:
    """Return what is wrong with the translations into one language, a line each; none when all is translated."""
    catalogue = read(locale, root)
    wanted, given = {_key(message) for message in gathered if message.id}, {_key(m) for m in catalogue if m.id}
    found = [f"missing: {key}" for key in sorted(wanted - given)]
    found += [f"no longer used: {key}" for key in sorted(given - wanted)]
    for message in catalogue:
        if message.id:
            found += [f"{fault}: {_key(message)}" for fault in _message_faults(message)]
    path = _path(locale, root, "mo")
    if not path.exists() or path.read_bytes() != _compiled(catalogue):
        found.append("not compiled: django.mo is not what django.po compiles to")
    return found


def _message_faults(message: Message) -> Iterator[str]:
    forms = _forms(message)
    if message.fuzzy:
        yield "fuzzy"
    # Where a plural form is missing, it is read as an empty one.
    if not all(forms):
        yield "untranslated"
        return
    originals = message.id if isinstance(message.id, (list, tuple)) else (message.id,)
    for form in forms:
        if all(_placeholders(form) != _placeholders(original) for original in originals):
            yield f"other placeholders or tags in {form!r}"
        # Chinese punctuation brings its own space.
        original = originals[0].rstrip() if form.endswith(_WIDE) else originals[0]
        if _margins(form) != _margins(original):
            yield f"other white space at the ends of {form!r}"


def _forms(message: Message) -> tuple[str, ...]:
    return tuple(message.string) if isinstance(message.string, (list, tuple)) else (message.string or "",)


def _placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text.replace("%%", "")))


def _margins(text: str) -> tuple[bool, bool]:
    return text[:1].isspace(), text[-1:].isspace()


def _key(message: Message) -> str:
    singular = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
    return f"[{message.context}] {singular}" if message.context else str(singular)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing")
    asked = parser.parse_args(arguments)
    gathered = gather()
    wrong = 0
    for locale in LOCALES:
        if not asked.check:
            update(locale, gathered)
        found = faults(locale, gathered)
        wrong += len(found)
        sys.stdout.write("".join(f"{locale}: {fault}\n" for fault in found))
        sys.stdout.write(f"{locale}: {len(gathered)} strings, {len(found)} faults\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
