"""Read PolNeAR (Newell et al., LREC 2018): articles with their attributions in brat standoff notes."""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from claims.extraction.spans import Span

_KEY = re.compile(r"[TE]\d+$")
_NAMED = re.compile(r"([A-Za-z]+?)\d*:(T\d+)")


@dataclass(frozen=True)
class Attribution:
    """What one annotator marked; each role's spans in order, possibly none."""

    cue: tuple[Span, ...]
    source: tuple[Span, ...]
    content: tuple[Span, ...]


@dataclass(frozen=True)
class Annotated:
    """An article. discarded: stretches that are not the article's own, not to be judged."""

    name: str
    text: str
    attributions: list[Attribution]
    discarded: list[Span]


class CorpusMissing(Exception):
    """The folder does not hold the corpus."""


def articles(corpus: Path, part: str) -> Iterator[Annotated]:
    """Yield the articles of a part ("train", "dev") of the corpus, as its first annotator marked them.

    Raises CorpusMissing when `corpus` has no metadata.tsv.
    """
    table = corpus / "metadata.tsv"
    if not table.is_file():
        raise CorpusMissing(f"{table} is missing: --corpus must name the folder of PolNeAR 1.0.")
    with table.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["compartment"] == part]
    for row in rows:
        name = row["filename"]
        annotator = row["annotators"].split("|")[0]
        # Bytes: offsets count each carriage return.
        text = (corpus / part / "text" / f"{name}.txt").read_bytes().decode("utf-8")
        notes = (corpus / part / "attributions" / f"{name}_{annotator}.ann").read_bytes().decode("utf-8")
        yield Annotated(name, text, *_read(notes))


def _read(notes: str) -> tuple[list[Attribution], list[Span]]:
    labels: dict[str, tuple[str, list[Span]]] = {}
    events: list[str] = []
    # Texts in the notes may hold other marks that end lines.
    for line in notes.split("\n"):
        key, _, rest = line.partition("\t")
        if not _KEY.match(key):
            continue
        if key.startswith("T"):
            label, _, offsets = rest.partition("\t")[0].partition(" ")
            pairs = [pair.split() for pair in offsets.split(";")]
            labels[key] = (label, [Span(int(start), int(end)) for start, end in pairs])
        else:
            events.append(rest)
    found = []
    for event in events:
        roles: dict[str, set[Span]] = defaultdict(set)
        for role, name in _NAMED.findall(event):
            roles[role].update(labels[name][1])
        found.append(Attribution(*(tuple(sorted(roles[role])) for role in ("Cue", "Source", "Content"))))
    return found, [span for label, spans in labels.values() if label == "Discard" for span in spans]
