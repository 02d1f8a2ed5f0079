"""What editors hand in on the pages: addresses, files, a pasted text, and feeds to poll."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryDirectory
from typing import Any

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from sources.documents import (
    ARCHIVES,
    FEEDS,
    JSON,
    JSON_LINES,
    SUFFIXES,
    Document,
    Refusal,
    document_from_record,
    parse_published,
    read_documents,
)
from sources.errors import DocumentRefused
from sources.models import DecisionStatus, ImportItem, Outlet
from sources.urls import canonicalize

#: All files of one upload, unless the setting IMPORT_MAX_UPLOAD_BYTES says otherwise.
UPLOAD_MAX_BYTES = 50_000_000
#: Lines of one form; longer lists go into a sitemap or through the command line.
ADDRESSES_MAX = 1_000
#: A file's name is cut to this; file systems take 255 bytes.
NAME_MAX_BYTES = 200
#: Wrong lines that are named one by one.
LINES_NAMED = 10


def upload_max_bytes() -> int:
    """Return how many bytes one request may hand in."""
    return int(getattr(settings, "IMPORT_MAX_UPLOAD_BYTES", UPLOAD_MAX_BYTES))


def megabytes(size: int) -> str:
    """Return a number of bytes for people to read, as in “50 MB”."""
    return f"{size / 1_000_000:,g} MB"


class UploadQuota(FileUploadHandler):
    """Passes on files up to `limit` bytes in all; beyond it drops them and is `exceeded`.

    The other fields of the form are still read, so that nothing that was typed is lost.
    """

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit
        self.received = 0

    @property
    def exceeded(self) -> bool:
        return self.received > self.limit

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.received += len(raw_data)
        if self.exceeded:
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the next handler."""


class FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files. What is in them is judged document by document, an empty one included."""

    widget = FilesInput

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_empty_file=True, **options)

    def clean(self, value: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(FilesField, self).clean(file, initial) for file in value or ()]


class ImportRequest(forms.Form):
    """Documents to import, in one or several of three ways; `label`, `addresses` and `documents` need a valid form."""

    addresses = forms.CharField(
        required=False,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "autocapitalize": "off"}),
        label=_("Addresses, one a line"),
        help_text=_("Pages of articles, feeds, sitemaps. What a feed or sitemap lists is imported too."),
    )
    uploads = FilesField(required=False, label=_("Files"))
    files_outlet = forms.CharField(
        required=False,
        max_length=200,
        label=_("Outlet of files that name none"),
        help_text=_("Plain texts need it; pages and records mostly say where they are from."),
    )
    outlet = forms.CharField(required=False, max_length=200, label=_("Outlet"), help_text=_("Who published it."))
    title = forms.CharField(required=False, max_length=1000, label=_("Title"))
    published_at = forms.CharField(
        required=False,
        max_length=60,
        label=_("Published"),
        help_text=_("If known: 2020-01-31, or 2020-01-31T12:00Z."),
    )
    url = forms.CharField(
        required=False, max_length=2000, label=_("Address of the page"), help_text=_("If it has one.")
    )
    text = forms.CharField(
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
        label=_("Text"),
        help_text=_("As it was published, with its quotation marks; one paragraph a line."),
    )

    PASTED = ("outlet", "title", "published_at", "url", "text")

    def __init__(self, *args: Any, too_large: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        self.too_large = too_large
        known = " ".join(sorted({*SUFFIXES, *JSON_LINES, *JSON, *ARCHIVES, *FEEDS}))
        self.fields["uploads"].help_text = gettext("Known are %(known)s; at most %(limit)s in all.") % {
            "known": known,
            "limit": megabytes(upload_max_bytes()),
        }

    def clean_addresses(self) -> list[str]:
        lines = [(number, line.strip()) for number, line in enumerate(self.cleaned_data["addresses"].splitlines(), 1)]
        return addresses_from(
            ((number, line) for number, line in lines if line), place=gettext("Line"), most=ADDRESSES_MAX
        )

    def clean_uploads(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["uploads"]
        if self.too_large:
            raise forms.ValidationError(
                gettext(
                    "The files have more than %(limit)s in all, so none was taken. Choose fewer at a time, or import "
                    "them on the server with manage.py import_articles."
                ),
                params={"limit": megabytes(upload_max_bytes())},
            )
        return files

    def clean_published_at(self) -> str:
        raw: str = self.cleaned_data["published_at"]
        if raw:
            try:
                parse_published(raw)
            except DocumentRefused as refused:
                # Beside the field, its name in records says nothing.
                raise forms.ValidationError(str(refused).removeprefix("published_at ")) from refused
        return raw

    def clean_url(self) -> str:
        raw: str = self.cleaned_data["url"]
        return _address(raw) if raw else ""

    def clean_text(self) -> str:
        # Browsers end the lines of a form with CR LF.
        text: str = self.cleaned_data["text"].replace("\r\n", "\n")
        if len(text) > settings.IMPORT_MAX_TEXT_CHARACTERS:
            raise forms.ValidationError(
                gettext("The text has %(count)s characters; the limit is %(limit)s. Split it."),
                params={"count": f"{len(text):,}", "limit": f"{settings.IMPORT_MAX_TEXT_CHARACTERS:,}"},
            )
        return text if text.strip() else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        pasted = any(self[name].data and str(self[name].data).strip() for name in self.PASTED)
        if pasted:
            for name, missing in (
                ("outlet", gettext("Name the outlet that published the text.")),
                ("title", gettext("Give the title of the text.")),
                ("text", gettext("Paste the text itself.")),
            ):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        elif not self.errors and not cleaned["addresses"] and not cleaned["uploads"]:
            raise forms.ValidationError(
                gettext("Nothing was handed in: give an address, choose a file or paste a text.")
            )
        if pasted and not self.errors:
            try:
                self.pasted()
            except DocumentRefused as refused:
                self.add_error("text", str(refused))
        return cleaned

    def pasted(self) -> Document | None:
        """Return the text that was pasted.

        Raises DocumentRefused when it is not a document.
        """
        if not self.cleaned_data.get("text"):
            return None
        record = {name: self.cleaned_data[name] for name in self.PASTED}
        return document_from_record(record["title"], record, folder=None, max_bytes=settings.IMPORT_MAX_DOCUMENT_BYTES)

    @property
    def brought_files(self) -> bool:
        """Whether files came with it, which have to be chosen again where it is shown again."""
        return self.too_large or bool(self.files.getlist("uploads"))

    @property
    def label(self) -> str:
        """What the run is called: the first of each kind by name, the others by number."""
        files = [file.name or "file" for file in self.cleaned_data["uploads"]]
        parts = [_first_of(self.cleaned_data["addresses"]), _first_of(files), self.cleaned_data.get("title", "")]
        return " + ".join(part for part in parts if part)

    @contextmanager
    def documents(self) -> Iterator[Iterable[Document | Refusal]]:
        """Give the documents of the files and the pasted text; the files are there while the context lasts."""
        with TemporaryDirectory(prefix="second-source-upload-") as name:
            folder = Path(name)
            for file in self.cleaned_data["uploads"]:
                with _free_path(folder, file.name or "file").open("wb") as copy:
                    copyfileobj(file, copy)
            yield self._documents(folder)

    def _documents(self, folder: Path) -> Iterator[Document | Refusal]:
        if pasted := self.pasted():
            yield pasted
        if self.cleaned_data["uploads"]:
            yield from read_documents(
                folder, outlet=self.cleaned_data["files_outlet"], max_bytes=settings.IMPORT_MAX_DOCUMENT_BYTES
            )


def addresses_from(given: Iterable[tuple[int, str]], *, place: str, most: int) -> list[str]:
    """Return web addresses in canonical form, each once.

    given: (number, address); place: what is numbered, for the message.

    Raises ValidationError that names the wrong ones.
    """
    found: dict[str, None] = {}
    wrong = []
    for number, address in given:
        try:
            found[canonicalize(address)] = None
        except DocumentRefused as refused:
            wrong.append(f"{place} {number}: {refused}")
    if len(found) > most:
        wrong.insert(
            0,
            gettext("These are %(count)s addresses; at most %(limit)s are taken at a time.")
            % {"count": f"{len(found):,}", "limit": f"{most:,}"},
        )
    if len(wrong) > LINES_NAMED:
        more = len(wrong) - LINES_NAMED
        wrong[LINES_NAMED:] = [
            ngettext("… and %(count)s more.", "… and %(count)s more.", more) % {"count": f"{more:,}"}
        ]
    if wrong:
        raise forms.ValidationError(wrong)
    return list(found)


class FeedRequest(forms.Form):
    """A feed or sitemap to poll."""

    INTERVALS = (
        (900, _("every 15 minutes")),
        (3600, _("every hour")),
        (21_600, _("every 6 hours")),
        (86_400, _("every day")),
    )

    url = forms.CharField(
        max_length=2000,
        label=_("Address"),
        help_text=_("RSS, Atom, JSON Feed or a news sitemap."),
        error_messages={"required": _("Give the feed’s address.")},
    )
    title = forms.CharField(
        required=False, max_length=300, label=_("Name"), help_text=_("As it is listed here; may be left empty.")
    )
    outlet = forms.CharField(
        required=False, max_length=200, label=_("Outlet"), help_text=_("If all of it is from one.")
    )
    interval_s = forms.TypedChoiceField(
        coerce=int,
        choices=INTERVALS,
        initial=3600,
        label=_("Poll it"),
        help_text=_("A feed that fails is polled less often."),
    )

    def clean_url(self) -> str:
        return _address(self.cleaned_data["url"])

    def clean_outlet(self) -> Outlet | None:
        name: str = self.cleaned_data["outlet"]
        if not name:
            return None
        outlet: Outlet | None = Outlet.objects.known_as(name).first()
        if outlet is None:
            raise forms.ValidationError(
                gettext("No outlet goes by the name “%(name)s”. Leave this empty: the articles name their outlet."),
                params={"name": name},
            )
        return outlet


class ItemFilter(forms.Form):
    """Which documents of a run to list."""

    LOOK = "look"

    state = forms.ChoiceField(
        required=False, choices=[("", _("all")), *ImportItem.State.choices, (LOOK, _("imported, to be looked at"))]
    )


class RevisionPair(forms.Form):
    """The numbers of two revisions of an article; the last two where none is given."""

    old = forms.IntegerField(required=False, min_value=1, max_value=2_147_483_647)
    new = forms.IntegerField(required=False, min_value=1, max_value=2_147_483_647)

    def numbers(self, count: int) -> tuple[int, int]:
        """Return (old, new) of an article with `count` revisions, which are numbered from 1."""
        new = self.cleaned_data["new"] or max(count, self.cleaned_data["old"] or 0)
        return self.cleaned_data["old"] or max(1, new - 1), new


def _address(raw: str) -> str:
    try:
        return canonicalize(raw)
    except DocumentRefused as refused:
        raise forms.ValidationError(str(refused)) from refused


def _first_of(names: list[str]) -> str:
    if not names:
        return ""
    more = len(names) - 1
    return f"{names[0][:200]} and {more:,} more" if more else names[0][:200]


def _free_path(folder: Path, name: str) -> Path:
    """Return a path in `folder` for a file of this name; a second one of a name is numbered.

    A leading dot goes: files that begin with one are not read.
    """
    given = Path(name.lstrip(".") or "file")
    suffix = "".join(given.suffixes[-2:]) if given.suffix.lower() == ".gz" else given.suffix
    kept = max(1, NAME_MAX_BYTES - len(suffix.encode()))
    stem = given.name.removesuffix(suffix).encode()[:kept].decode(errors="ignore")
    # A suffix of hundreds of characters is none that is known.
    suffix = suffix if len(suffix.encode()) < NAME_MAX_BYTES else ""
    path, number = folder / f"{stem}{suffix}", 2
    while path.exists():
        path, number = folder / f"{stem} ({number}){suffix}", number + 1
    return path


class DerivationDecision(forms.Form):
    """What an editor says of where an article comes from; seen, decided_at: as the page showed it."""

    status = forms.ChoiceField(choices=DecisionStatus.choices)
    seen = forms.ChoiceField(choices=DecisionStatus.choices)
    decided_at = forms.CharField(required=False, max_length=50)

    def clean_decided_at(self) -> datetime | None:
        text = self.cleaned_data["decided_at"]
        try:
            return parse_datetime(text) if text else None
        except ValueError as error:
            raise forms.ValidationError(_("The form was changed; open the article again.")) from error
