"""Where a claim may have come from, as a drawing: origins, the outlets that report it, their reports.

A layered drawing (Sugiyama, Tagawa & Toda 1981): each column is put in an order in which few lines cross, by the mean
place of what a node is tied to and then by exchanging neighbours. The same input gives the same drawing.
"""

import unicodedata
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from claims.corroboration.reports import ClaimReport, ClaimReports
from claims.presentation.reports import KINDS, Origin

#: Nodes of one column that are drawn apart; what is beyond is one node that says how many there are.
MOST_NODES = 14
NODE_WIDTH, NODE_HEIGHT, ROW, GAP = 264, 46, 58, 120
COLUMNS = 3
WIDTH = COLUMNS * NODE_WIDTH + (COLUMNS - 1) * GAP
#: How wide a label may be, in half letters (a Chinese character takes two).
LABEL_ROOM, DETAIL_ROOM = 22, 33
SWEEPS = 8


@dataclass(frozen=True)
class Node:
    """A box of the drawing. key: what links name it by. words: all that it says, for who does not see it."""

    key: str
    kind: str
    label: str
    detail: str
    words: str
    address: str
    language: str = ""

    @property
    def short_label(self) -> str:
        return shortened(self.label, LABEL_ROOM)

    @property
    def short_detail(self) -> str:
        return shortened(self.detail, DETAIL_ROOM)


@dataclass(frozen=True)
class Link:
    """A line from a node to one of the next column.

    kind: "chosen" from an origin of the set that explains all, "possible" from another, "told" from outlet to report.
    """

    start: str
    end: str
    kind: str


@dataclass(frozen=True)
class PlacedNode:
    node: Node
    x: int
    y: int

    @property
    def middle(self) -> int:
        return self.y + NODE_HEIGHT // 2


@dataclass(frozen=True)
class PlacedLink:
    """A line; path: as SVG takes it."""

    link: Link
    path: str


@dataclass(frozen=True)
class Column:
    """A column of the drawing, from the top down."""

    name: str
    x: int
    nodes: list[PlacedNode]


@dataclass(frozen=True)
class Diagram:
    """A drawing `width` by `height` in pixels below a line of names; links that were chosen are drawn last."""

    columns: list[Column]
    links: list[PlacedLink]
    width: int
    height: int


def origin_diagram(
    reports: ClaimReports, origins: Sequence[Origin], *, address_of: Callable[[ClaimReport], str], rest: str
) -> Diagram | None:
    """Return the drawing of a claim's affirming reports; None where there is none.

    address_of: of a report on its page; rest: where those are that do not have a node of their own.
    """
    if not reports.affirming:
        return None
    outlets = _Kept(reports)
    kept_origins = list(origins) if len(origins) <= MOST_NODES else list(origins[: MOST_NODES - 1])
    columns = [
        [_origin_node(origin, len(reports.finding.origins)) for origin in kept_origins],
        outlets.outlet_nodes(address_of, rest),
        outlets.report_nodes(address_of, rest),
    ]
    if others := origins[len(kept_origins) :]:
        label = ngettext("and %(count)s more origin", "and %(count)s more origins", len(others)) % {
            "count": len(others)
        }
        chosen = sum(origin.chosen for origin in others)
        detail = (
            ngettext("%(count)s of them in the set", "%(count)s of them in the set", chosen) % {"count": chosen}
            if chosen
            else _("all of them only possible")
        )
        columns[0].append(Node("origin-more", "more", label, detail, f"{label}, {detail}", "#origins-list"))
    links: dict[tuple[str, str], str] = {}
    named = {origin.key for origin in kept_origins}
    for origin in origins:
        start = f"origin-{origin.key}" if origin.key in named else "origin-more"
        for report in origin.reports:
            pair = (start, outlets.outlet_key(report))
            links[pair] = "chosen" if origin.chosen else links.get(pair, "possible")
    for report in reports.affirming:
        links[outlets.outlet_key(report), outlets.report_key(report)] = "told"
    names = [_("Possible origins"), _("Outlets that report it"), _("Their reports")]
    return layered(names, columns, [Link(*pair, kind) for pair, kind in links.items()])


class _Kept:
    """Which outlets and reports have a node of their own, and what stands for the others."""

    def __init__(self, reports: ClaimReports) -> None:
        by_outlet: dict[int, list[ClaimReport]] = defaultdict(list)
        for report in reports.affirming:
            by_outlet[report.outlet.pk].append(report)
        # The outlets with most reports; of equals, those that reported first.
        ranked = sorted(by_outlet.values(), key=len, reverse=True)
        most = MOST_NODES if len(ranked) <= MOST_NODES else MOST_NODES - 1
        self._own = {group[0].outlet.pk for group in ranked[:most]}
        self._groups = [group for pk, group in by_outlet.items() if pk in self._own]
        self._others = [group for pk, group in by_outlet.items() if pk not in self._own]
        self._each = len(reports.affirming) <= MOST_NODES

    def outlet_key(self, report: ClaimReport) -> str:
        return f"outlet-{report.outlet.pk}" if report.outlet.pk in self._own else "outlet-more"

    def report_key(self, report: ClaimReport) -> str:
        if self._each:
            return f"report-{report.attribution.pk}"
        return f"reports-{report.outlet.pk}" if report.outlet.pk in self._own else "reports-more"

    def outlet_nodes(self, address_of: Callable[[ClaimReport], str], rest: str) -> list[Node]:
        nodes = []
        for group in self._groups:
            outlet = group[0].outlet
            count = _reports(len(group))
            nodes.append(
                Node(
                    self.outlet_key(group[0]),
                    "outlet",
                    outlet.name,
                    count,
                    f"{outlet.name}, {count}",
                    address_of(group[0]),
                )
            )
        if self._others:
            label = ngettext("and %(count)s more outlet", "and %(count)s more outlets", len(self._others)) % {
                "count": len(self._others)
            }
            nodes.append(Node("outlet-more", "more", label, "", label, rest))
        return nodes

    def report_nodes(self, address_of: Callable[[ClaimReport], str], rest: str) -> list[Node]:
        nodes = []
        for group in self._groups:
            if self._each or len(group) == 1:
                nodes += [_report_node(report, self.report_key(report), address_of(report)) for report in group]
                continue
            label = _reports(len(group))
            detail = _first(group)
            words = f"{group[0].outlet.name}, {label}"
            nodes.append(Node(self.report_key(group[0]), "more", label, detail, words, address_of(group[0])))
        if self._others:
            count = sum(map(len, self._others))
            label = ngettext("and %(count)s more report", "and %(count)s more reports", count) % {"count": count}
            nodes.append(Node("reports-more", "more", label, "", label, rest))
        return nodes


def _origin_node(origin: Origin, in_set: int) -> Node:
    if origin.chosen:
        detail = (
            _("could explain every report")
            if in_set == 1
            else _("in the set: explains %(explained)s of %(reports)s")
            % {"explained": origin.explained, "reports": origin.report_count}
        )
    else:
        detail = _("possible: %(explained)s of %(reports)s") % {
            "explained": origin.explained,
            "reports": origin.report_count,
        }
    kind = "origin-chosen" if origin.chosen else "origin"
    words = f"{origin.name}, {detail}"
    return Node(f"origin-{origin.key}", kind, origin.name, detail, words, f"#o-{origin.key}")


def _report_node(report: ClaimReport, key: str, address: str) -> Node:
    published = report.article.published_at
    day = date_format(published, "DATE_FORMAT") if published else _("date unknown")
    kind = KINDS[report.statement.kind]
    words = f"{report.outlet.name}, {day}, {kind}: {report.article.title}"
    return Node(key, "report", report.article.title, f"{day}, {kind}", words, address, report.article.language)


def _reports(count: int) -> str:
    return ngettext("%(count)s report", "%(count)s reports", count) % {"count": count}


def _first(reports: Iterable[ClaimReport]) -> str:
    dates = [report.article.published_at for report in reports if report.article.published_at is not None]
    return _("the first on %(day)s") % {"day": date_format(min(dates), "DATE_FORMAT")} if dates else ""


# The drawing itself: plain columns and links in, places out


def layered(names: Sequence[str], columns: Sequence[Sequence[Node]], links: Sequence[Link]) -> Diagram:
    """Return columns of nodes and the links between neighbouring ones as a drawing in which few links cross."""
    keys_of = [[node.key for node in column] for column in columns]
    ordered = _ordered(keys_of, [(link.start, link.end) for link in links])
    nodes = {node.key: node for column in columns for node in column}
    height = max(len(column) for column in columns) * ROW
    placed: dict[str, PlacedNode] = {}
    drawn = []
    for number, (name, keys) in enumerate(zip(names, ordered, strict=True)):
        x = number * (NODE_WIDTH + GAP)
        # Each column fills the height, so that a lone origin stands beside the middle of what it explains.
        for place, key in enumerate(keys):
            middle = height * (2 * place + 1) // (2 * len(keys))
            placed[key] = PlacedNode(nodes[key], x, middle - NODE_HEIGHT // 2)
        drawn.append(Column(name, x, [placed[key] for key in keys]))
    paths = [PlacedLink(link, _path(placed[link.start], placed[link.end])) for link in links]
    paths.sort(key=lambda path: (path.link.kind == "chosen", placed[path.link.start].y, placed[path.link.end].y))
    return Diagram(drawn, paths, WIDTH, height)


def _path(start: PlacedNode, end: PlacedNode) -> str:
    x1, x2 = start.x + NODE_WIDTH, end.x
    bend = (x1 + x2) // 2
    return f"M{x1} {start.middle}C{bend} {start.middle} {bend} {end.middle} {x2 - 7} {end.middle}"


def _ordered(columns: list[list[str]], links: Sequence[tuple[str, str]]) -> list[list[str]]:
    """Return the columns in the order found in which fewest links cross; of equals, the first."""
    after: dict[str, list[str]] = defaultdict(list)
    before: dict[str, list[str]] = defaultdict(list)
    for start, end in links:
        after[start].append(end)
        before[end].append(start)
    best, fewest = columns, _crossings(columns, after)
    now = columns
    for sweep in range(SWEEPS):
        if not fewest:
            break
        if sweep % 2:
            for number in range(1, len(now)):
                now = _by_mean(now, number, number - 1, before)
        else:
            for number in reversed(range(len(now) - 1)):
                now = _by_mean(now, number, number + 1, after)
        now = _exchanged(now, before, after)
        if (count := _crossings(now, after)) < fewest:
            best, fewest = now, count
    return best


def _by_mean(columns: list[list[str]], number: int, beside: int, tied: dict[str, list[str]]) -> list[list[str]]:
    """Return the columns with one of them sorted by the mean place of what each node is tied to in another."""
    places = {key: place for place, key in enumerate(columns[beside])}
    own = {key: place for place, key in enumerate(columns[number])}

    def mean(key: str) -> tuple[float, int]:
        found = [places[other] for other in tied[key]]
        return (sum(found) / len(found) if found else own[key], own[key])

    return [*columns[:number], sorted(columns[number], key=mean), *columns[number + 1 :]]


def _exchanged(columns: list[list[str]], before: dict[str, list[str]], after: dict[str, list[str]]) -> list[list[str]]:
    """Return the columns after exchanging neighbours wherever that saves crossings, from the first to the last."""
    columns = [list(column) for column in columns]
    for number, column in enumerate(columns):
        beside = [
            (tied, {key: place for place, key in enumerate(columns[other])})
            for tied, other in ((before, number - 1), (after, number + 1))
            if 0 <= other < len(columns)
        ]
        for place in range(len(column) - 1):
            upper, lower = column[place], column[place + 1]
            saved = 0
            for tied, places in beside:
                ends = [places[key] for key in tied[lower]]
                for start in (places[key] for key in tied[upper]):
                    saved += sum((start > end) - (start < end) for end in ends)
            if saved > 0:
                column[place], column[place + 1] = lower, upper
    return columns


def _crossings(columns: list[list[str]], after: dict[str, list[str]]) -> int:
    """Return how many pairs of links cross each other."""
    total = 0
    for left, right in pairwise(columns):
        places = {key: place for place, key in enumerate(right)}
        seen: list[int] = []
        for key in left:
            ends = sorted(places[end] for end in after[key] if end in places)
            # Those drawn before that end further down are crossed.
            total += sum(len(seen) - bisect_left(seen, end + 1) for end in ends)
            for end in ends:
                insort(seen, end)
    return total


def shortened(text: str, room: int) -> str:
    """Return a text cut to what fits `room` half letters, “…” where it was cut."""
    width = 0
    for place, character in enumerate(text):
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if width > room:
            return f"{text[: max(0, place - 1)].rstrip()}…"
    return text
