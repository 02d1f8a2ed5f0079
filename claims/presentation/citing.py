"""How others refer to a claim: as linked data, as a citation in plain text, BibTeX or CSL-JSON."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.corroboration.reports import ClaimReport, ClaimReports
from claims.linked_data import Appearance, Author, PlainClaim
from claims.models import Claim

#: Appearances that the head of a page names; the evidence bundle names all.
APPEARANCES_IN_HEAD = 100
_TEX = str.maketrans(
    {
        **{character: f"\\{character}" for character in "&%$#_{}"},
        "\\": r"\textbackslash{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
    }
)


@dataclass(frozen=True)
class Citation:
    """What a citation of a claim says. url: of its page as it was at `as_of`."""

    claim: Claim
    url: str
    level: str
    figures: str
    as_of: datetime | None
    accessed: date

    @property
    def title(self) -> str:
        return f"“{' '.join(self.claim.text.split()).rstrip('.')}”"

    @property
    def author(self) -> str:
        return self.claim.speaker.name if self.claim.speaker else ""

    @property
    def key(self) -> str:
        """The name by which BibTeX cites it."""
        letters = unicodedata.normalize("NFKD", self.author).encode("ascii", "ignore").decode()
        surname = re.sub(r"[^a-z]", "", letters.casefold().split(" ")[-1]) or "claim"
        return f"{surname}-{str(self.claim.uid)[:8]}"

    @property
    def text(self) -> str:
        """The citation in plain text, in the reader's language."""
        parts = [
            _("%(speaker)s, as reported: %(title)s.") % {"speaker": self.author, "title": self.title}
            if self.author
            else _("Speaker unknown, as reported: %(title)s.") % {"title": self.title},
            f"Second Source: {self.level}, {self.figures}",
        ]
        if self.as_of is not None:
            parts.append(_("as of %(time)s UTC") % {"time": date_format(self.as_of, "DATETIME_FORMAT")})
        parts += [self.url, _("accessed %(day)s") % {"day": date_format(self.accessed, "DATE_FORMAT")}]
        # A Russian date ends in a full stop of its own.
        return f"{parts[0]} {', '.join(parts[1:]).rstrip('.')}."

    @property
    def bibtex(self) -> str:
        fields = {
            "title": f"{{{self.title.translate(_TEX)}}}",
            "author": f"{{{self.author.translate(_TEX)}}}" if self.author else "",
            "howpublished": "Second Source",
            "year": str(self.claim.said_on.year) if self.claim.said_on else "",
            "note": f"{self.level}, {self.figures}".translate(_TEX),
            "url": self.url,
            "urldate": self.accessed.isoformat(),
        }
        lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
        return f"@misc{{{self.key},\n{lines}\n}}\n"

    @property
    def csl(self) -> list[dict[str, Any]]:
        """The citation as CSL-JSON."""
        day = self.accessed
        item: dict[str, Any] = {
            "id": self.key,
            "type": "webpage",
            "title": self.title,
            "container-title": "Second Source",
            "language": self.claim.language,
            "note": f"{self.level}, {self.figures}",
            "URL": self.url,
            "accessed": {"date-parts": [[day.year, day.month, day.day]]},
        }
        if self.author:
            item["author"] = [{"literal": self.author}]
        if self.claim.said_on:
            said = self.claim.said_on
            item["issued"] = {"date-parts": [[said.year, said.month, said.day]]}
        return [item]


def figures_in_words(reports: ClaimReports) -> str:
    """Return “4 outlets, 2 independent origins”."""
    finding = reports.finding
    outlets = ngettext("%(count)s outlet", "%(count)s outlets", len(finding.outlets))
    if finding.exact:
        origins = ngettext("%(count)s independent origin", "%(count)s independent origins", len(finding.origins))
    else:
        origins = ngettext(
            "at most %(count)s independent origin", "at most %(count)s independent origins", len(finding.origins)
        )
    return _("%(outlets)s, %(origins)s") % {
        "outlets": outlets % {"count": len(finding.outlets)},
        "origins": origins % {"count": len(finding.origins)},
    }


def plain_claim(
    reports: ClaimReports,
    *,
    topics: Iterable[str],
    absolute: Callable[[str], str],
    modified_at: datetime | None,
    most: int | None = None,
) -> PlainClaim:
    """Return a claim for `claims.linked_data`, with the first `most` articles that report it.

    absolute: makes a whole address of a path of this site.
    """
    claim = reports.claim
    speaker = claim.speaker
    articles = list({report.article.pk: report for report in reports.affirming}.values())
    # A claim has one address, whatever language its page is read in.
    with translation.override(settings.LANGUAGE_CODE):
        return PlainClaim(
            url=absolute(claim.get_absolute_url()),
            text=claim.text,
            language=claim.language,
            author=Author(speaker.name, speaker.kind, speaker.wikidata_id) if speaker else None,
            said_on=claim.said_on,
            topics=list(topics),
            appearances=[_appearance(report, absolute) for report in articles[:most]],
            modified_at=modified_at,
        )


def _appearance(report: ClaimReport, absolute: Callable[[str], str]) -> Appearance:
    article = report.article
    return Appearance(
        headline=article.title,
        outlet=report.outlet.name,
        page=absolute(article.get_absolute_url()),
        url=article.url,
        language=article.language,
        published_at=article.published_at,
        has_time=article.published_has_time,
    )
