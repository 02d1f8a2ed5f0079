"""Outlets: found by their names and domains, and made where there is none yet."""

import json
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from django.db import connection, transaction
from django.db.models.functions import Lower
from django.utils.text import slugify

from sources import credits
from sources.errors import DocumentRefused
from sources.identity import uid_for
from sources.models import Outlet, OutletAlias, OutletDomain
from sources.names import NameIndex
from sources.services.contents import ArticleText
from sources.urls import outlet_domain

#: Shared by those who store articles of outlets, exclusive for those who merge outlets.
OUTLETS_LOCK = 0x5EC0_0071


def resolve_outlet(name: str) -> Outlet:
    """Return the outlet that goes by `name`; a new one, unreviewed, where none does.

    A name of one of the shipped agencies brings that agency with all its names.
    """
    name = " ".join(name.split())[:200]
    outlet = Outlet.objects.known_as(name).first()
    if outlet is not None:
        return outlet
    for shipped in credits.shipped_outlets():
        if name.casefold() in {known.casefold() for known in (shipped.name, *shipped.aliases)}:
            return store_outlet(shipped.name, kind=shipped.kind, aliases=shipped.aliases, reviewed=True)
    return store_outlet(name)


def store_outlet(
    name: str,
    *,
    kind: str = Outlet.Kind.UNKNOWN,
    aliases: Iterable[str] = (),
    domains: Iterable[str] = (),
    owner: str = "",
    owner_name: str = "",
    reviewed: bool = False,
) -> Outlet:
    """Return the outlet called `name`, made where it does not exist; names and domains that are free are added to it.

    An outlet that exists keeps its kind and owner: an editor may have set them. One that was merged into another stands
    for that.
    """
    slug = slugify(name)[:100] or uid_for("outlet", name.casefold()).hex[:12]
    if Outlet.objects.filter(slug=slug).exclude(name__iexact=name).exists():
        slug = f"{slug}-{uid_for('outlet', name.casefold()).hex[:6]}"
    outlet, _ = Outlet.objects.get_or_create(
        name__iexact=name,
        defaults={
            "uid": uid_for("outlet", name.casefold()),
            "slug": slug,
            "name": name,
            "kind": kind,
            "owner": resolve_outlet(owner) if owner else None,
            "owner_name": owner_name,
            "reviewed": reviewed,
        },
    )
    outlet = outlet.merged_into or outlet
    wanted = {alias.casefold(): alias for alias in aliases if alias.casefold() != name.casefold()}
    taken = OutletAlias.objects.annotate(key=Lower("name")).filter(key__in=[alias.lower() for alias in wanted.values()])
    free = wanted.keys() - {alias.name.casefold() for alias in taken}
    OutletAlias.objects.bulk_create(
        [OutletAlias(outlet=outlet, name=wanted[key]) for key in sorted(free)], ignore_conflicts=True
    )
    OutletDomain.objects.bulk_create(
        [OutletDomain(outlet=outlet, domain=domain.lower()) for domain in domains], ignore_conflicts=True
    )
    return outlet


def load_outlets(path: Path) -> list[Outlet]:
    """Store the outlets of a JSON file: [{"name", "kind"?, "aliases"?, "domains"?, "owner"?, "owner_name"?}].

    Raises DocumentRefused when the file is not such a list; nothing is stored then.
    """
    try:
        rows = json.loads(path.read_text(encoding="utf-8"))
        with transaction.atomic():
            return [store_outlet(**{"reviewed": True, **row}) for row in rows]
    except (OSError, ValueError, TypeError) as error:
        raise DocumentRefused(f"{path.name} is not a list of outlets: {error}") from error


class Outlets:
    """The outlets that some documents name, each looked up once; for the length of one transaction.

    None of them is merged into another until it ends.
    """

    def __init__(self, contents: Iterable[ArticleText]) -> None:
        contents = list(contents)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [OUTLETS_LOCK])
        self._by_name = _named({_spaced(content.outlet).lower() for content in contents if content.outlet})
        domains = {domain for content in contents if not content.outlet and (domain := _domain(content))}
        self._by_domain = {
            row.domain.lower(): row.outlet
            for row in OutletDomain.objects.alias(key=Lower("domain")).filter(key__in=domains).select_related("outlet")
        }
        self._names: NameIndex | None = None
        self._new: list[str] = []

    def named(self, name: str) -> Outlet:
        """Return the outlet that goes by `name`, made where there is none."""
        key = _spaced(name).lower()
        if key not in self._by_name:
            self._by_name[key] = resolve_outlet(name)
            self._new.append(self._by_name[key].name)
        return self._by_name[key]

    def publisher_of(self, content: ArticleText) -> Outlet:
        """Return who published a text: who its record names, or whose domain it is from, or what the site calls itself.

        An outlet met by its domain for the first time is made, unreviewed. Raises DocumentRefused where nothing tells.
        """
        if content.outlet:
            return self.named(content.outlet)
        domain = _domain(content)
        if domain in self._by_domain:
            return self._by_domain[domain]
        if not content.site_name and not domain:
            raise DocumentRefused("The document has no outlet; name it in the record or with --outlet.")
        outlet = self.named(content.site_name or domain)
        if domain:
            OutletDomain.objects.get_or_create(domain=domain, defaults={"outlet": outlet})
            self._by_domain[domain] = outlet
        return outlet

    def names_in(self, text: str) -> list[str]:
        """Return the names and aliases of outlets that occur in `text`, the shipped ones left out."""
        if self._names is None:
            names = Outlet.objects.values_list("name").union(OutletAlias.objects.values_list("name"))
            self._names = NameIndex({name for (name,) in names} - credits.shipped_names())
        return [*self._names.found_in(text), *(name for name in self._new if name in text)]


def _spaced(name: str) -> str:
    return " ".join(name.split())[:200]


def _domain(content: ArticleText) -> str:
    return outlet_domain(urlsplit(content.url).hostname or "")


def _named(keys: set[str]) -> dict[str, Outlet]:
    """Return the outlets that go by some names in lower case; of two, the one that we had first."""
    found = list(Outlet.objects.standing().annotate(key=Lower("name")).filter(key__in=keys))
    aliases = OutletAlias.objects.annotate(key=Lower("name")).filter(key__in=keys).select_related("outlet")
    pairs = [(outlet.key, outlet) for outlet in found] + [(alias.key, alias.outlet) for alias in aliases]
    return dict(sorted(pairs, key=lambda pair: pair[1].pk, reverse=True))
