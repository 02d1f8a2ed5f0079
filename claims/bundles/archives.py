"""The archive itself: what is in it, in which order, and how its bytes follow from what is stored.

    index.html check.js bundle.css   the page that opens offline, checks the hashes and shows each report's words
    claim.jsonld reports.json        the claim, its level, and its reports with their spans
    snapshots/ texts/                the bytes as they were fetched, and the texts that offsets count in
    manifest.json SHA256SUMS         what each file's SHA-256 is, and when it was captured
    copies/                          the same bytes once more as scripts: a page may not read the files beside it

The same rows give the same bytes: files have the times of their capture, and nothing tells when it was packed.
"""

import hashlib
import json
import mimetypes
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.resources import files
from typing import IO, Any

from django.db.models import Func, IntegerField, QuerySet, Sum
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from claims import highlighting
from claims.corroboration.excerpts import Excerpt, read_excerpts
from claims.corroboration.reports import ClaimReport, ClaimReports
from claims.linked_data import PlainClaim, claim_linked_data
from claims.presentation.reports import MARGIN, around, chain
from sources.models import Revision, Snapshot

#: What the frozen bytes and texts of one bundle may come to.
MOST_BYTES = 100_000_000
#: What is packed in memory before it goes to a file.
SPOOLED_BYTES = 8_000_000
#: Revisions, with their snapshots' bytes, that are in memory at once.
REVISIONS_AT_ONCE = 2
#: The times that a zip file can hold.
_EARLIEST, _LATEST = datetime(1980, 1, 1, tzinfo=UTC), datetime(2107, 12, 31, 23, 59, 58, tzinfo=UTC)
#: What a browser would run or draw if one opened it: kept as text.
_ACTIVE = {".html", ".htm", ".xhtml", ".xml", ".svg", ".js", ".mjs", ".shtml"}


class BundleTooLarge(Exception):
    """The frozen bytes of a claim's reports are more than one bundle may hold."""

    def __init__(self, size: int) -> None:
        super().__init__(
            _("The frozen pages of this claim come to %(size)s MB; a bundle holds at most %(most)s MB.")
            % {"size": -(-size // 1_000_000), "most": MOST_BYTES // 1_000_000}
        )
        self.size = size


def write_bundle(reports: ClaimReports, claim: PlainClaim, *, absolute: Callable[[str], str]) -> IO[bytes]:
    """Return the archive of a claim's reports, at its beginning, to be closed by the caller.

    Reports need no texts. absolute: makes a whole address of a path of this site.
    Raises BundleTooLarge before anything is packed.
    """
    revisions = {report.statement.revision_id for report in reports.reports}
    size = _size(revisions)
    if size > MOST_BYTES:
        raise BundleTooLarge(size)
    # The one who reads the archive closes it.
    spool: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES)  # noqa: SIM115
    try:
        with zipfile.ZipFile(spool, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            _Writer(archive, reports, claim, absolute).write(sorted(revisions))
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


def _size(revisions: set[int]) -> int:
    found = Revision.objects.filter(pk__in=revisions)
    snapshots = Snapshot.objects.filter(pk__in=found.values("snapshot"))
    return _octets(found, "text") + _octets(snapshots, "body")


def _octets(rows: "QuerySet[Any]", column: str) -> int:
    # PostgreSQL knows the length without reading the bytes.
    octets: int = rows.aggregate(n=Sum(Func(column, function="octet_length", output_field=IntegerField())))["n"] or 0
    return octets


@dataclass
class _Writer:
    archive: zipfile.ZipFile
    reports: ClaimReports
    claim: PlainClaim
    absolute: Callable[[str], str]
    sums: dict[str, str] = field(default_factory=dict)
    manifest: list[dict[str, Any]] = field(default_factory=list)
    paths: dict[int, tuple[str, str]] = field(default_factory=dict)
    copies: list[str] = field(default_factory=list)

    def write(self, revisions: list[int]) -> None:
        for revision in self._frozen(revisions):
            self._write_revision(revision)
        words = read_excerpts(
            {_span(report) for report in self.reports.reports} | {around(report) for report in self.reports.reports}
        )
        told = [self._told(report, words[_span(report)]) for report in self.reports.reports]
        self._write_json("claim.jsonld", claim_linked_data(self.claim), "application/ld+json")
        self._write_json("reports.json", {**self._findings(), "reports": told}, "application/json")
        manifest = {"claim": self.claim.url, "files": sorted(self.manifest, key=lambda entry: str(entry["path"]))}
        self._write("manifest.json", _json(manifest))
        script = f"secondSource.begin({_script(manifest)}, {_script(told)});\n"
        self._write("copies/manifest.js", script.encode())
        shown = [self._shown(report, words, each) for report, each in zip(self.reports.reports, told, strict=True)]
        page = render_to_string(
            "claims/bundle.html",
            {
                "claim": self.reports.claim,
                "reports": self.reports,
                "url": self.claim.url,
                "as_of": self.claim.modified_at,
                "affirming": [each for each in shown if not each["report"].denies],
                "denying": [each for each in shown if each["report"].denies],
                "copies": self.copies,
                "files": manifest["files"],
            },
        )
        self._write("index.html", page.encode())
        for name in ("check.js", "bundle.css"):
            self._write(name, files("claims.bundles").joinpath(name).read_bytes())
        sums = "".join(f"{digest}  {path}\n" for path, digest in sorted(self.sums.items()))
        self._write("SHA256SUMS", sums.encode())

    @property
    def _packed_as_of(self) -> datetime:
        """The time of what was not captured: that of the latest capture."""
        return max((self._captured(report) for report in self.reports.reports), default=_EARLIEST)

    @staticmethod
    def _captured(report: ClaimReport) -> datetime:
        return report.statement.revision.snapshot.captured_at

    @staticmethod
    def _frozen(revisions: list[int]) -> Iterator[Revision]:
        found = Revision.objects.filter(pk__in=revisions).select_related("snapshot", "article__outlet").order_by("pk")
        return found.iterator(chunk_size=REVISIONS_AT_ONCE)

    def _write_revision(self, revision: Revision) -> None:
        snapshot, article = revision.snapshot, revision.article
        body, text = bytes(snapshot.body), revision.text.encode()
        path, text_path = f"snapshots/{snapshot.uid}{suffix_for(snapshot.media_type)}", f"texts/{revision.uid}.txt"
        self.paths[revision.pk] = (path, text_path)
        captured = snapshot.captured_at
        about = {
            "captured_at": captured.isoformat(),
            "article": self.absolute(article.get_absolute_url()),
            "outlet": article.outlet.name,
            "title": article.title,
            "url": article.url,
        }
        # Two texts may have been taken from one snapshot.
        if path not in self.sums:
            fetched = {"media_type": snapshot.media_type, "headers": snapshot.headers, "sha256": snapshot.sha256}
            self._write(path, body, at=captured)
            self.manifest.append({"path": path, "bytes": len(body), **fetched, **about})
            self._write_copy(path, body, captured)
        taken = {"media_type": "text/plain; charset=utf-8", "method": revision.method, "snapshot": path}
        self._write(text_path, text, at=captured)
        self.manifest.append({"path": text_path, "bytes": len(text), "sha256": revision.sha256, **taken, **about})
        self._write_copy(text_path, text, captured)

    def _write_copy(self, path: str, content: bytes, at: datetime) -> None:
        name = f"copies/{len(self.copies) + 1}.js"
        self.copies.append(name)
        # Each byte as one character: what a script can hold, whatever the bytes are.
        self._write(
            name, f"secondSource.copy({_script(path)}, {_script(content.decode('latin-1'))});\n".encode(), at=at
        )

    def _write_json(self, path: str, content: Any, media_type: str) -> None:
        body = _json(content)
        self._write(path, body)
        self.manifest.append(
            {"path": path, "bytes": len(body), "media_type": media_type, "sha256": hashlib.sha256(body).hexdigest()}
        )

    def _write(self, path: str, content: bytes, *, at: datetime | None = None) -> None:
        entry = zipfile.ZipInfo(path, entry_time(at or self._packed_as_of))
        entry.compress_type = zipfile.ZIP_DEFLATED
        # Alike on every system: a plain file that all may read.
        entry.create_system = 3
        entry.external_attr = 0o100644 << 16
        self.archive.writestr(entry, content)
        self.sums[path] = hashlib.sha256(content).hexdigest()

    def _findings(self) -> dict[str, Any]:
        reports, finding = self.reports, self.reports.finding
        as_of = reports.asked.as_of.at if reports.asked.as_of else self.claim.modified_at
        return {
            "claim": {"uid": str(reports.claim.uid), "url": self.claim.url, "text": reports.claim.text},
            "level": finding.level,
            "disputed": finding.disputed,
            "explanation": reports.explanation,
            "basis": "confirmed" if reports.asked.confirmed_only else "counted",
            "by": "owner" if reports.asked.by_owner else "outlet",
            "as_of": as_of and as_of.isoformat(),
            "outlets": [outlet.name for outlet in reports.outlets],
            "origins": [outlet.name for outlet in reports.origins],
            "exact": finding.exact,
            "origin_lower_bound": finding.origin_lower_bound,
        }

    def _told(self, report: ClaimReport, exact: str) -> dict[str, Any]:
        """Return a report as `reports.json` tells it."""
        statement, article, attribution = report.statement, report.article, report.attribution
        snapshot, text = self.paths[statement.revision_id]
        return {
            "attribution": str(attribution.uid),
            "stance": attribution.stance,
            "status": attribution.status,
            "score": attribution.score,
            "decided_by": attribution.decided_by.get_username() if attribution.decided_by else None,
            "decided_at": attribution.decided_at and attribution.decided_at.isoformat(),
            "outlet": report.outlet.name,
            "article": {
                "title": article.title,
                "url": article.url,
                "page": self.absolute(article.get_absolute_url()),
                "language": article.language,
            },
            "statement": str(statement.uid),
            "revision": str(statement.revision.uid),
            "text": text,
            "snapshot": snapshot,
            "start": statement.start,
            "end": statement.end,
            "exact": exact,
            "quote": statement.quote,
            "kind": statement.kind,
            "chain": list(chain(report)),
            "said_on": statement.said_on and statement.said_on.isoformat(),
            "published_at": article.published_at and article.published_at.isoformat(),
            "published_has_time": article.published_has_time,
            "captured_at": self._captured(report).isoformat(),
            "origins": [{"outlet": item.outlet.name, "kind": item.kind} for item in report.evidence],
        }

    def _shown(self, report: ClaimReport, words: dict[Excerpt, str], told: dict[str, Any]) -> dict[str, Any]:
        place, statement = around(report), report.statement
        return {
            "report": report,
            "told": told,
            "context": highlighting.context(
                words[place], statement.start - place.start, statement.end - place.start, margin=MARGIN
            ),
        }


def _span(report: ClaimReport) -> Excerpt:
    statement = report.statement
    return Excerpt(statement.revision_id, statement.start, statement.end)


def entry_time(at: datetime) -> tuple[int, int, int, int, int, int]:
    """Return a time as a zip file holds it, in UTC, or the nearest that it can hold."""
    near = min(max(at, _EARLIEST), _LATEST).astimezone(UTC)
    return (near.year, near.month, near.day, near.hour, near.minute, near.second)


def suffix_for(media_type: str) -> str:
    """Return how the name of a frozen page ends; what a browser would run is a text."""
    suffix = mimetypes.guess_extension(media_type.partition(";")[0].strip()) or ".bin"
    return f"{suffix}.txt" if suffix in _ACTIVE else suffix


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _script(content: Any) -> str:
    """Return a value as a script may hold it."""
    return json.dumps(content)
