"""Find quotations by their marks, bounded so that a missing mark never swallows the article."""

from dataclasses import dataclass

from claims.extraction.spans import Span

# Each opening mark with the marks that may close it.
_PAIRS = {"“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", "〝": "〞", "»": "«"}
_SINGLE = {"‘": "’", "‚": "‘’", "‹": "›"}
_OPENERS_BEFORE = " \t\n\r\u00a0([{—–-/:;,"
_AFTER_CLOSER = " \t\n\r\u00a0.,;:!?)]}—–-/…"


@dataclass(frozen=True)
class Quotation:
    """A stretch between quotation marks.

    start, end: with the marks. inner: without them. closed: whether a closing mark was found; without one the
    quotation ends where its passage ends or where the next one opens. continues: it goes on from the quotation that
    ended the passage before without a closing mark.
    """

    start: int
    end: int
    inner: Span
    closed: bool = True
    continues: bool = False
    single: bool = False


def quotations(text: str, ranges: list[tuple[int, int]]) -> list[Quotation]:
    """Return the outermost quotations within each of `ranges` of `text`, in order.

    A quotation that opens at each paragraph and closes once is returned as one Quotation a paragraph, all but the
    first with `continues` set.
    """
    found: list[Quotation] = []
    open_end = False
    for start, end in ranges:
        local = _outermost(text, start, end)
        for index, quotation in enumerate(local):
            if index == 0 and open_end and quotation.start == start:
                quotation = Quotation(
                    quotation.start, quotation.end, quotation.inner, quotation.closed, True, quotation.single
                )
            found.append(quotation)
        open_end = bool(local) and not local[-1].closed and local[-1].end == end
    return found


def _outermost(text: str, start: int, end: int) -> list[Quotation]:
    double = _double(text, start, end)
    if not double:
        return _single(text, start, end)
    # British style: double marks stand within single ones.
    around = [single for single in _single(text, start, end) if _encloses(single, double)]
    double = [inner for inner in double if not any(_encloses(single, [inner]) for single in around)]
    local = sorted([*double, *around], key=lambda quotation: quotation.start)
    singles = [quotation for s, e in _gaps(local, start, end) for quotation in _single(text, s, e)]
    return sorted([*local, *singles], key=lambda quotation: quotation.start)


def _encloses(single: Quotation, double: list[Quotation]) -> bool:
    """Return whether whole double quotations stand within a single one, and none crosses its marks."""
    touched = [inner for inner in double if inner.start < single.end and single.start < inner.end]
    return bool(touched) and all(
        single.start < inner.start and inner.end < single.end and inner.closed for inner in touched
    )


def _gaps(local: list[Quotation], start: int, end: int) -> list[tuple[int, int]]:
    gaps = []
    for quotation in local:
        if quotation.start > start:
            gaps.append((start, quotation.start))
        start = quotation.end
    if start < end:
        gaps.append((start, end))
    return gaps


def _double(text: str, start: int, end: int) -> list[Quotation]:
    found: list[Quotation] = []
    opened = -1  # where the open quotation began
    width = 1
    closers = ""
    depth = 0
    at = start
    while at < end:
        mark, size = text[at], 1
        if text.startswith("''", at) or text.startswith("``", at):
            mark, size = '"', 2
        if opened < 0 and text.startswith(",,", at) and _must_open(text, at, 2, start, end):
            # Two commas for a low mark, as typed where the keyboard has none.
            opened, width, closers, depth = at, 2, '"', 0
            size = 2
        elif mark == '"':
            if opened < 0:
                if _is_measure(text, at, size, start, end):
                    at += size
                    continue
                if _may_open(text, at, size, start, end) or not found:
                    opened, width, closers, depth = at, size, '"', 0
            elif closers == '"' and _must_open(text, at, size, start, end):
                # The mark before was never closed: bound it here.
                _close(found, text, opened, width, at, 0)
                opened, width = at, size
            elif closers == '"' or (closers == "”" and not _must_open(text, at, size, start, end)):
                _close(found, text, opened, width, at + size, size)
                opened = -1
        elif opened < 0 and mark in _PAIRS and (mark != "»" or _may_open(text, at, 1, start, end)):
            opened, width, closers, depth = at, 1, _PAIRS[mark], 0
        elif opened >= 0 and mark in closers and not (mark == "“" and _must_open(text, at, 1, start, end)):
            if depth:
                depth -= 1
            else:
                _close(found, text, opened, width, at + 1, 1)
                opened = -1
        elif opened >= 0 and closers == '"' and mark == "”":
            _close(found, text, opened, width, at + 1, 1)
            opened = -1
        elif opened >= 0 and mark in _PAIRS and _PAIRS[mark] == closers:
            if closers in "」』»" or _closes_twice(text, at + 1, end, mark, closers):
                depth += 1
            else:
                _close(found, text, opened, width, at, 0)
                opened, width = at, 1
        at += size
    if opened >= 0 and end - opened > width:
        _close(found, text, opened, width, end, 0)
    return found


def _closes_twice(text: str, at: int, end: int, opener: str, closer: str) -> bool:
    """Return whether a quotation within a quotation is closed, and the outer one after it, before anything opens."""
    first = _find_any(text, closer, at, end)
    if first < 0:
        return False
    second = _find_any(text, closer, first + 1, end)
    reopened = text.find(opener, at, end)
    return second >= 0 and (reopened < 0 or second < reopened)


def _find_any(text: str, marks: str, at: int, end: int) -> int:
    places = [place for mark in marks if (place := text.find(mark, at, end)) >= 0]
    return min(places, default=-1)


def _close(found: list[Quotation], text: str, opened: int, width: int, end: int, closing: int) -> None:
    stop = end - closing
    while not closing and stop > opened and text[stop - 1].isspace():
        stop -= 1
    if stop > opened + width:
        found.append(Quotation(opened, stop + closing, Span(opened + width, stop), closed=bool(closing)))


def _is_measure(text: str, at: int, size: int, start: int, end: int) -> bool:
    """Return whether a mark that nothing opened stands for inches: 6" pipe."""
    follows = text[at + size] if at + size < end else " "
    return at > start and text[at - 1].isdigit() and not follows.isalnum()


def _may_open(text: str, at: int, size: int, start: int, end: int) -> bool:
    follows = text[at + size] if at + size < end else " "
    return not follows.isspace()


def _must_open(text: str, at: int, size: int, start: int, end: int) -> bool:
    """Return whether a mark can only open: a space or bracket before it, a letter right after it."""
    before = text[at - 1] if at > start else " "
    follows = text[at + size] if at + size < end else " "
    return before in _OPENERS_BEFORE[:8] and (follows.isalnum() or follows in "$€£[…'‘")


def _single(text: str, start: int, end: int) -> list[Quotation]:
    """Return quotations in single marks; apostrophes are told by the letters on both sides of them."""
    found: list[Quotation] = []
    # Closing marks not found once are not looked for again: what follows a later mark is part of the same text.
    missing: set[str] = set()
    at = start
    while at < end:
        mark = text[at]
        if _SINGLE.get(mark, mark) in missing:
            at += 1
            continue
        if mark in _SINGLE or mark == "'":
            before = text[at - 1] if at > start else " "
            follows = text[at + 1] if at + 1 < end else " "
            if before in _OPENERS_BEFORE and not follows.isspace():
                closed = _single_close(text, at, end, _SINGLE.get(mark, "'"))
                # One word in single marks may be an elision ("'twas"), and says nothing in any case.
                if closed > 0:
                    found.append(Quotation(at, closed + 1, Span(at + 1, closed), single=True))
                    at = closed
                else:
                    missing.add(_SINGLE.get(mark, mark))
        at += 1
    return found


def _single_close(text: str, opened: int, end: int, closers: str) -> int:
    at = opened + 1
    while at < end:
        if text[at] in closers:
            follows = text[at + 1] if at + 1 < end else " "
            before = text[at - 1]
            plural_owner = before in "sS" and follows == " " and any(mark in text[at + 1 : end] for mark in closers)
            if (
                follows in _AFTER_CLOSER
                and not before.isspace()
                and not (plural_owner and _closes_later(text, at, end, closers))
            ):
                return at
        at += 1
    return -1


def _closes_later(text: str, at: int, end: int, closers: str) -> bool:
    """Return whether a better closing mark follows: one after punctuation, before another quotation opens."""
    for place in range(at + 1, min(end, at + 300)):
        if text[place] in closers and text[place - 1] in ",.!?":
            return True
        if text[place] in "‘‚" or (text[place] == "'" and text[place - 1] == " "):
            return False
    return False
