"""Print how many wire articles are known by their credit lines: `benchmarks/credits.py --data DIR`.

DIR holds `polnear/metadata.tsv`, whose column `wire` names the agency that an article was taken from, and the texts.
Found is an article with a credit for all of it to an agency; right, where that is the agency named. Articles whose
annotators did not say ("NA") are left out. The baseline is a plain dateline pattern on the same texts. Without --data
there is nothing to measure, and it says so.
"""

import argparse
import csv
import re
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._figures import note
from sources.credits import find_credits, shipped_outlets

RECALL_MIN, PRECISION_MIN = 0.93, 0.98
DATELINE = re.compile(r"^[^\n()]{0,60}\((AP|UPI|AFP|Reuters)\)\s*(?:-|–|—)", re.MULTILINE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with polnear/")
    data = parser.parse_args().data
    if data is None:
        print("credits: needs --data DIR with polnear/metadata.tsv; nothing measured")
        return
    with (data / "polnear" / "metadata.tsv").open(encoding="utf-8", newline="") as rows:
        labelled = [row for row in csv.DictReader(rows, delimiter="\t") if row["wire"] != "NA"]
    for part in ("dev", "train"):
        articles = []
        for row in labelled:
            path = data / "polnear" / part / "text" / f"{row['filename']}.txt"
            if row["compartment"] == part and path.exists():
                articles.append((row, path.read_text(encoding="utf-8")))
        report(part, articles)


def report(part: str, articles: list[tuple[dict[str, str], str]]) -> None:
    agencies = {
        name.casefold(): known.name
        for known in shipped_outlets()
        if known.kind == "agency"
        for name in (known.name, *known.aliases)
    }
    truth = [agencies.get(row["wire"].casefold(), "") for row, _ in articles]
    started = time.perf_counter()
    found = [full_credits(text, "" if row["author"] == "None" else row["author"]) for row, text in articles]
    ms = 1000 * (time.perf_counter() - started) / len(articles)
    ours = [{agencies[name] for name in names if name in agencies} for names in found]
    text_only = [{agencies[name] for name in full_credits(text, "") if name in agencies} for _, text in articles]
    plain = [{agencies[m.group(1).casefold()] for m in [DATELINE.search(text[:700])] if m} for _, text in articles]
    wire = sum(map(bool, truth))
    print(f"credits {part}: {len(articles)} articles, {wire} from agencies, {ms:.2f} ms an article")
    measured: dict[str, tuple[float, float]] = {}
    for name, guesses in (("credit lines", ours), ("without bylines", text_only), ("baseline: dateline", plain)):
        right = sum(bool(agency) and agency in guess for agency, guess in zip(truth, guesses, strict=True))
        guessed = sum(map(len, guesses))
        precision = f"{right / guessed:.3f}" if guessed else "–"
        measured[name] = right / max(1, wire), right / max(1, guessed)
        print(f"  {name:20} recall {right / wire:.3f} ({right}/{wire})  precision {precision} ({right}/{guessed})")
    for place, (what, least) in enumerate((("recall", RECALL_MIN), ("precision", PRECISION_MIN))):
        value, baseline = measured["credit lines"][place], measured["baseline: dateline"][place]
        note(f"agency credits, {part}: {what}", value, at_least=least, baseline=baseline, against="datelines only")


def full_credits(text: str, byline: str) -> set[str]:
    """Return the names, in small letters, that all of an article is credited to."""
    return {
        credit.name.casefold()
        for credit in find_credits(text, byline=byline)
        if credit.kind == "credit" and not credit.partial
    }


if __name__ == "__main__":
    main()
