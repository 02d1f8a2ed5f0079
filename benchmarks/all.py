"""Every figure that the documentation states, in one table with its aim and baseline: `make bench`.

    python benchmarks/all.py [--full] [--data DIR] [--pairs FILE] [--only NAME...] [--page docs/benchmarks.md]

Runs the other scripts one after the other, shows what each prints, and ends with the table, the machine above it. As it
stands it needs no outside data. --full takes the sizes that are stated, up to a million claims, which takes
hours. --data adds what is measured on outside data (the scripts say what they look for in DIR),
--pairs what is measured on sentence pairs. --page also puts each script's figures into the table of a page of the
documentation, as soon as they are there, and into the rows that README.md has of them; rows of scripts that were not
run stay.

A script that fails or misses an aim of its own does not keep the others from being run; it is named at the end, and the
exit code is 1.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks._figures import VARIABLE, Figure, NoPlaceForTable, as_text, machine, read, renew_rows, write_table

REPOSITORY = Path(__file__).resolve().parent.parent
#: Stand for the folder and the file that are given, here and in the table.
DATA, PAIRS = "DIR", "FILE"


@dataclass(frozen=True)
class Run:
    """A script with its options: as `make bench` runs it (None: not at all), and in full (None: the same)."""

    script: str
    quick: str | None = ""
    full: str | None = None
    data: str | None = None
    """What is added where there is outside data; without `quick` the script needs it."""

    def options(self, *, full: bool, given: set[str]) -> list[str] | None:
        """Return the options to run it with; None where it is not run."""
        chosen = self.full if full and self.full is not None else self.quick
        added = self.data.split() if self.data is not None and set(self.data.split()) & given else None
        if chosen is None and added is None:
            return None
        return [*(chosen or "").split(), *(added or [])]


#: Cheap ones first, so that a mistake is seen early; those that need an idle machine are not beside each other.
PLAN = (
    Run("startup"),
    Run("pages_to_text", data="--data DIR"),
    Run("credits", quick=None, data="--data DIR"),
    Run("extraction", quick=None, data="--data DIR"),
    Run("statement_pairs", quick=None, data="--data DIR"),
    Run("paraphrase_pairs", quick=None, data="--pairs FILE --held-back"),
    Run("corroboration"),
    Run("copies"),
    Run("readers", "--archive-mb 200", full="--archive-mb 1000"),
    Run("import_articles", "--articles 10000 --archive-mb 50", full="--archive-mb 1000", data="--data DIR"),
    Run("sizes"),
    Run("matching", "--rows 1000 10000", full="--rows 10000 1000000", data="--data DIR"),
    Run("pages", "--claims 20000 --runs 30", full="--claims 1000000 --runs 30"),
    Run("api", "--claims 50000 --small 5000 --runs 40", full="--claims 1000000 --small 10000"),
    Run("desk", "--claims 20000", full="--claims 10000 1000000"),
    Run("generated_requests", "--requests 2000", full="--requests 20000"),
    Run("lighthouse"),
    Run("workers", "--articles 200", full="--articles 1000"),
    Run("load", "--hostile", full="--claims 1000000 --rate 100 --seconds 300 --hostile"),
)


@dataclass(frozen=True)
class Outcome:
    """What became of a script: its exit code, how long it took, and its figures."""

    script: str
    code: int
    seconds: float
    figures: list[Figure]


def main(arguments: list[str] | None = None, *, plan: tuple[Run, ...] = PLAN, folder: Path | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--full", action="store_true", help="the sizes that are stated, which takes hours")
    parser.add_argument("--data", type=Path, help="folder with outside data")
    parser.add_argument("--pairs", type=Path, help="table of sentence pairs, as of paraphrase_pairs.py")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=[run.script for run in plan], help="some scripts")
    parser.add_argument("--page", type=Path, help="page of the documentation to put the table into")
    asked = parser.parse_args(arguments)
    order = [run.script for run in plan]
    about = machine()
    if asked.page:
        try:
            # Before hours of measuring, not after them.
            write_table(asked.page, [], about, order=order)
        except NoPlaceForTable as error:
            print(error, file=sys.stderr)
            return 1
    given = {name: path for name, path in ((DATA, asked.data), (PAIRS, asked.pairs)) if path}
    outcomes: list[Outcome] = []
    left_out = []
    for run in plan:
        if asked.only and run.script not in asked.only:
            continue
        options = run.options(full=asked.full, given=set(given))
        if options is None:
            left_out.append(run.script)
        else:
            outcomes.append(measure(run.script, options, given, folder=folder or REPOSITORY / "benchmarks"))
            if asked.page:
                # After each, as a whole run may take hours.
                write_table(asked.page, outcomes[-1].figures, about, order=order)
                renew_rows(REPOSITORY / "README.md", outcomes[-1].figures)
    figures = [figure for outcome in outcomes for figure in outcome.figures]
    print(f"\n== all figures\n{as_text(figures, about)}\n")
    for outcome in outcomes:
        told = "well" if outcome.code == 0 else f"with code {outcome.code}"
        print(f"{outcome.script} ended {told} after {outcome.seconds:.0f} s, {len(outcome.figures)} figures")
    if left_out:
        print(f"not run, as they need --data or --pairs: {', '.join(left_out)}")
    if missed := [figure.name for figure in figures if figure.met is False]:
        print(f"aims missed: {'; '.join(missed)}")
    # A script that measured nothing has failed too, whatever it says.
    failed = [outcome.script for outcome in outcomes if outcome.code or not outcome.figures]
    if failed:
        print(f"failed, or missed an aim of their own: {', '.join(failed)}")
    return 1 if failed else 0


def measure(script: str, options: list[str], given: dict[str, Path], *, folder: Path) -> Outcome:
    """Run a script, let its output through, and return what it noted."""
    command = " ".join([f"benchmarks/{script}.py", *options])
    print(f"\n== {command}", flush=True)
    words = [str(given[word].resolve()) if word in given else word for word in options]
    with tempfile.TemporaryDirectory() as scratch:
        noted = Path(scratch) / "figures.jsonl"
        environ = {**os.environ, VARIABLE: str(noted), "PYTHONPATH": str(REPOSITORY)}
        started = time.monotonic()
        done = subprocess.run(
            [sys.executable, str(folder / f"{script}.py"), *words], cwd=REPOSITORY, env=environ, check=False
        )
        return Outcome(script, done.returncode, time.monotonic() - started, read(noted, command=command))


if __name__ == "__main__":
    sys.exit(main())
