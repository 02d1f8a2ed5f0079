"""The picture of which outlets report the same: outlets in one column, an arc for each two that share claims.

Arcs on the one side are claims that both report independently of each other, arcs on the other those that one origin
could explain. Places are counted in rows from above; the page stretches the sides to the width there is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.coreporting import Pair, near_each_other
from sources.models import Outlet

MOST_OUTLETS, MOST_PAIRS = 40, 120
#: The side of an arc is so wide; the widest arc reaches nearly to its edge.
WIDTH = 100.0
_REACH = 128.0
_FEW = 8
_THINNEST, _THICKEST = 1.25, 7.0


@dataclass(frozen=True)
class Node:
    """An outlet in the picture; `share`: its claims as a part of a hundred of those of the one that has most."""

    outlet: Outlet
    claims: int
    share: float

    @property
    def begins(self) -> float:
        """Where the line below its name begins, which is as long as its share."""
        return round((100 - self.share) / 2, 2)


@dataclass(frozen=True)
class Edge:
    """Two outlets of the picture and what they share."""

    outlet: Outlet
    other: Outlet
    shared: int
    independent: int

    @property
    def derived(self) -> int:
        return self.shared - self.independent

    @cached_property
    def address(self) -> str:
        """Where the claims of both are listed."""
        return reverse("outlet_shared", args=[self.outlet.slug, self.other.slug])

    @property
    def names(self) -> str:
        return _("%(outlet)s and %(other)s") % {"outlet": self.outlet.name, "other": self.other.name}


@dataclass(frozen=True)
class Arc:
    """A curve between two rows: what it stands for, how many claims, its path and how thick it is in pixels.

    derived: it stands for claims that one origin could explain.
    """

    edge: Edge
    count: int
    derived: bool
    path: str
    thickness: float

    @property
    def title(self) -> str:
        """What it stands for in words."""
        if self.derived:
            told = ngettext(
                "%(outlet)s and %(other)s: %(number)d claim that one origin could explain",
                "%(outlet)s and %(other)s: %(number)d claims that one origin could explain",
                self.count,
            )
        else:
            told = ngettext(
                "%(outlet)s and %(other)s: %(number)d claim independently",
                "%(outlet)s and %(other)s: %(number)d claims independently",
                self.count,
            )
        return told % {"outlet": self.edge.outlet.name, "other": self.edge.other.name, "number": self.count}


@dataclass(frozen=True)
class Picture:
    """What is drawn: nodes from above, arcs of either side, the widest below the others, and all edges as a list."""

    nodes: list[Node]
    derived: list[Arc]
    independent: list[Arc]
    edges: list[Edge]
    outlet_count: int
    pair_count: int
    width: float = WIDTH


def picture(
    outlets: Mapping[int, Outlet], claims: Mapping[int, int], pairs: Sequence[Pair[int]], *, outlet_count: int
) -> Picture:
    """Return the picture of outlets by what they share; the same one for the same counts.

    claims: how many each reports. outlet_count: how many outlets there are in all.
    """
    strongest = pairs[:MOST_PAIRS]
    first = sorted(outlets, key=lambda pk: (-claims[pk], outlets[pk].name, pk))
    order = near_each_other(first, claims, pairs)
    places = {pk: place for place, pk in enumerate(order)}
    edges = [Edge(outlets[pair.outlet], outlets[pair.other], pair.shared, pair.independent) for pair in strongest]
    most = max((count for edge in edges for count in (edge.independent, edge.derived)), default=0)
    most_claims = max((claims[pk] for pk in order), default=0)
    return Picture(
        nodes=[Node(outlets[pk], claims[pk], round(100 * claims[pk] / most_claims, 1)) for pk in order],
        derived=_arcs(((edge, edge.derived) for edge in edges), places, most, derived=True),
        independent=_arcs(((edge, edge.independent) for edge in edges), places, most, derived=False),
        edges=edges,
        outlet_count=outlet_count,
        pair_count=len(pairs),
    )


def _arcs(counted: Iterable[tuple[Edge, int]], places: Mapping[int, int], most: int, *, derived: bool) -> list[Arc]:
    arcs = []
    for edge, count in counted:
        if not count:
            continue
        one, two = sorted((places[edge.outlet.pk], places[edge.other.pk]))
        # Of few outlets no arc needs all the width.
        span = (two - one) / max(_FEW, len(places) - 1)
        thickness = _THINNEST + (_THICKEST - _THINNEST) * count / most
        path = _path(one, two, span, mirrored=derived)
        arcs.append((span, Arc(edge, count, derived, path, round(thickness, 2))))
    # The long ones first, so that short ones lie above them and can be pointed at.
    arcs.sort(key=lambda found: -found[0])
    return [arc for _, arc in arcs]


def _path(one: int, two: int, span: float, *, mirrored: bool) -> str:
    """Return a curve from the middle of one row to that of another."""
    reach = _REACH * (0.12 + 0.88 * span**0.6)
    start, control = (WIDTH, WIDTH - reach) if mirrored else (0.0, reach)
    return f"M{start:g} {one + 0.5:g}C{control:.1f} {one + 0.5:g} {control:.1f} {two + 0.5:g} {start:g} {two + 0.5:g}"
