"""Benchmarks make one table of figures, and what the README states is in it; none of them is run here."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from benchmarks import all as benchmarks
from benchmarks._figures import (
    BEGIN,
    COLUMNS,
    END,
    VARIABLE,
    Figure,
    NoPlaceForTable,
    as_text,
    note,
    read,
    renew_rows,
    shown,
    table_of,
    write_table,
)
from benchmarks.all import PLAN, Run

ROOT = Path(settings.BASE_DIR)
MACHINE = {"processor": "2 cores"}
NUMBERS = {word: number for number, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
#: A number with a unit in which something is measured.
MEASURED = re.compile(
    r"\b\d[\d.,]*\s*(?:ms|s|seconds?|minutes?|[KMG]i?B|%|times|articles a second|requests/s|statements|claims)\b"
)


@pytest.fixture
def noted(tmp_path, monkeypatch):
    """Give the file that figures are noted in."""
    path = tmp_path / "figures.jsonl"
    monkeypatch.setenv(VARIABLE, str(path))
    return path


def script(folder, name, body):
    (folder / f"{name}.py").write_text(f"import sys\nfrom benchmarks._figures import note\n{body}\n")
    return name


# What is documented


def readme_rows():
    """Return the cells of the README's table of figures."""
    part = (ROOT / "README.md").read_text(encoding="utf-8").partition("| figure | value |")[2]
    assert part, "the README has no table of figures"
    lines = part.splitlines()[2:]
    rows = [[cell.strip() for cell in line[1:-1].split("|")] for line in lines if line.startswith("|")]
    return {name: cells for name, *cells in rows}


def test_each_figure_of_the_readme_stands_in_the_documentation_as_it_is():
    documented = table_of((ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8"))
    rows = readme_rows()
    assert len(rows) > 5
    for name, (value, aim, baseline) in rows.items():
        assert name in documented, f"docs/benchmarks.md has no figure {name!r}"
        row = documented[name]
        assert [value, aim, baseline] == [f"{row['value']} {row['unit']}".rstrip(), row["aim"], row["baseline"]], name


def test_the_readme_measures_nothing_outside_of_its_table():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    prose = "\n".join(line for line in text.splitlines() if not line.startswith(("|", "    ")))
    assert MEASURED.findall("It takes 7.5 s and 795 MiB, 3 times less") == ["7.5 s", "795 MiB", "3 times"]
    assert MEASURED.findall(prose) == []


def test_as_many_claims_of_two_outlets_as_the_readme_promises_were_counted():
    documented = table_of((ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8"))
    promised = re.search(r"(\w+) claims have two outlets", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert promised is not None
    row = documented["claims of the seeds that two outlets report"]
    assert row["value"] == str(NUMBERS[promised[1]])


def test_every_documented_figure_is_of_a_script_that_make_bench_runs():
    documented = table_of((ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8"))
    assert documented
    for row in documented.values():
        name = row["command"].partition(" ")[0]
        assert (ROOT / name).is_file(), f"{row['figure']}: {name} is missing"
        assert Path(name).stem in {run.script for run in PLAN}


def test_make_bench_runs_every_script():
    scripts = {path.stem for path in (ROOT / "benchmarks").glob("[a-z]*.py")} - {"all"}
    assert {run.script for run in PLAN} == scripts
    assert "benchmarks/all.py" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_site_imports_no_benchmark():
    for app in ("accounts", "claims", "config", "notices", "sources"):
        for path in (ROOT / app).rglob("*.py"):
            assert not re.search(r"^\s*(?:from|import) benchmarks\b", path.read_text(encoding="utf-8"), re.MULTILINE), (
                path
            )


# Figures


def test_a_figure_says_whether_its_aim_is_met_and_how_it_compares():
    slow = Figure("list, p95", 75.04, "ms", at_most=60, baseline=150.1, against="plain SQL", command="x.py")
    assert slow.cells() == ("list, p95", "75.0", "ms", "≤ 60", "no", "150 (plain SQL)", "0.500", "x.py")
    assert Figure("speed", 400, at_least=400).met
    assert not Figure("speed", 399.9, at_least=400).met
    assert Figure("alone", 1).cells() == ("alone", "1", "", "", "", "", "", "")
    assert Figure("none", 0, baseline=0, against="none").ratio is None


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (0.97142, "0.971"),
        (7.5, "7.50"),
        (99.97, "100"),
        (9, "9"),
        (1228.8, "1,229"),
        (1_000_000, "1,000,000"),
        (0, "0"),
    ],
)
def test_numbers_have_three_digits_that_count(value, written):
    assert shown(value) == written


def test_figures_are_noted_only_for_the_table(noted, monkeypatch):
    note("kept", 1.5, "s", at_most=2)
    monkeypatch.delenv(VARIABLE)
    note("lost", 1)
    assert read(noted, command="a.py --x") == [Figure("kept", 1.5, "s", at_most=2, command="a.py --x")]
    assert read(noted.with_name("none"), command="a.py") == []


@pytest.mark.parametrize(
    "figure", [{"value": float("nan")}, {"value": 1, "baseline": 2}, {"value": 1, "against": "plain SQL"}]
)
def test_what_no_table_can_show_is_refused(noted, figure):
    with pytest.raises(ValueError, match="wrong"):
        note("wrong", **figure)
    assert not noted.exists()


def test_the_table_of_a_page_is_replaced_script_by_script(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"# Before\n\n{BEGIN}\n{END}\n\nAfter.\n")
    one = Figure("one | two", 1, command="benchmarks/b.py --data DIR")
    two = Figure("two", 2, "ms", at_most=1, baseline=4, against="x", command="benchmarks/a.py")
    write_table(page, [one, two], MACHINE, order=["a", "b"])
    write_table(page, [Figure("three", 3, command="benchmarks/a.py")], MACHINE, order=["a", "b"])

    written = page.read_text()
    assert written.startswith(f"# Before\n\n{BEGIN}\n- processor: 2 cores\n\n| figure |")
    assert written.endswith(f"{END}\n\nAfter.\n")
    rows = table_of(written)
    assert [(name, row["value"], row["command"]) for name, row in rows.items()] == [
        ("three", "3", "benchmarks/a.py"),
        ("one \\| two", "1", "benchmarks/b.py --data DIR"),
    ]


@pytest.mark.parametrize("text", ["", BEGIN, f"{END}\n{BEGIN}\n", f"{BEGIN}\n{BEGIN}\n{END}\n"])
def test_a_page_without_a_place_for_the_table_is_left_alone(tmp_path, text):
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(NoPlaceForTable, match=r"page\.md needs one line"):
        write_table(page, [], MACHINE, order=[])
    assert page.read_text() == text


def test_rows_that_a_page_has_are_renewed_and_no_others_added(tmp_path):
    page = tmp_path / "README.md"
    page.write_text(
        "| figure | value | aim | baseline |\n| --- | --: | --- | --- |\n| a (b) | 1 s | ≤ 2 |  |\n\nText.\n"
    )
    renew_rows(page, [Figure("a (b)", 3, "s", at_most=2, baseline=6, against="x"), Figure("c", 4)])
    assert page.read_text().splitlines()[2:] == ["| a (b) | 3 s | ≤ 2 | 6 (x) |", "", "Text."]


# Running


def test_scripts_run_one_after_the_other_and_one_that_fails_keeps_none_from_it(tmp_path, capfd):
    plan = (
        Run(script(tmp_path, "broken", "note('half', 1); sys.exit('no database')")),
        Run(script(tmp_path, "well", "note('whole', len(sys.argv) - 1, at_most=1)"), "--a 1", full="--a 1 2"),
    )
    assert benchmarks.main([], plan=plan, folder=tmp_path) == 1

    told, errors = capfd.readouterr()
    assert "no database" in errors
    assert (
        told.index("== benchmarks/broken.py") < told.index("== benchmarks/well.py --a 1") < told.index("== all figures")
    )
    table = told[told.index("== all figures") :]
    assert re.search(r"^whole +2 +≤ 1 +no +benchmarks/well\.py --a 1$", table, re.MULTILINE)
    assert "cores" in table
    assert "failed, or missed an aim of their own: broken" in table
    assert "aims missed: whole" in table


def test_data_and_full_sizes_are_asked_for(tmp_path, capfd):
    body = "note(' '.join(sys.argv[1:]) or 'nothing', 1)"
    plan = (
        Run(script(tmp_path, "always", body), full="--rows 9", data="--data DIR"),
        Run(script(tmp_path, "needy", body), quick=None, data="--pairs FILE --held-back"),
    )
    assert benchmarks.main([], plan=plan, folder=tmp_path) == 0
    assert "not run, as they need --data or --pairs: needy" in capfd.readouterr().out

    assert benchmarks.main(["--full", "--data", str(tmp_path), "--pairs", "p.tsv"], plan=plan, folder=tmp_path) == 0
    told = capfd.readouterr().out
    # Told as anybody may run it, run with the folder that was given.
    assert "== benchmarks/always.py --rows 9 --data DIR" in told
    assert f"--rows 9 --data {tmp_path} " in told
    assert f"--pairs {Path('p.tsv').resolve()} --held-back " in told


def test_a_script_that_notes_nothing_has_failed(tmp_path, capfd):
    plan = (Run(script(tmp_path, "silent", "")),)
    assert benchmarks.main([], plan=plan, folder=tmp_path) == 1
    assert "own: silent" in capfd.readouterr().out


def test_a_page_that_has_no_place_is_told_before_anything_is_measured(tmp_path, capfd):
    plan = (Run(script(tmp_path, "well", "note('whole', 1)")),)
    assert benchmarks.main(["--page", str(tmp_path / "none.md")], plan=plan, folder=tmp_path) == 1
    told, errors = capfd.readouterr()
    assert "needs one line" in errors
    assert "well" not in told


def test_the_table_for_a_terminal_has_all_columns_under_each_other():
    figures = [Figure("a", 1, "s", command="x.py"), Figure("a longer one", 1_000, "ms", at_most=2, command="y.py")]
    lines = as_text(figures, MACHINE).splitlines()
    assert lines[:2] == ["processor: 2 cores", ""]
    head, first, second = lines[2:]
    assert head.split() == list(COLUMNS)
    assert head.index("unit") == first.index("s  ") == second.index("ms")
