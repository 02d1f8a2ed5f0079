"""What a statement, a claim and an article weigh in the database: tables, indexes, and the log of changes (WAL).

    python benchmarks/sizes.py [--statements 4000]

Articles of five made-up statements (benchmarks/_statements.py) each are imported, read and matched by the site's own
services in a throwaway PostgreSQL, without Celery; so rows that triggers write, such as history, are counted too. Bytes
are what the second half of them added: what a table weighs before its first row is left out. Snapshots, which are the
fetched files themselves, are told apart. `rows` is how many a table got for each statement, as PostgreSQL estimates it;
`text` is what of a table lies in its overflow (TOAST), a part of `table`.

The throwaway PostgreSQL writes no full pages to its log (`full_page_writes`), as one that is to survive a crash does
after each checkpoint. DATABASE_URL names another, empty one, such as that of a server: then its log is measured.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import tests.services  # noqa: F401 (starts a throwaway PostgreSQL where DATABASE_URL is not set)
from benchmarks import copies
from benchmarks._figures import note
from benchmarks._statements import Made, Writer, speaker_name

PER_ARTICLE, OUTLETS, PARAGRAPHS = 5, 50, 4
TARGET_BYTES = 2.5 * 1024
SNAPSHOTS = "sources_snapshot"
#: What there is for each statement; all else of `claims` is for each claim.
OF_STATEMENTS = ("claims_statement", "claims_attribution", "claims_posting", "claims_wording", "claims_extraction")
TOLD, TOLD_INDEXES = 14, 24


def documents(statements: int) -> Iterator[Any]:
    """Yield articles as an importer reads them."""
    from sources.documents import TEXT, Document

    writer, prose = Writer(), copies.Writer(5)
    made = writer.write(statements)
    number = 0
    while page := list(islice(made, PER_ARTICLE)):
        paragraphs = prose.article(prose.event(), PARAGRAPHS).split("\n\n")
        paragraphs += [_sentence(each) for each in page]
        prose.chance.shuffle(paragraphs)
        record = {
            "id": f"sizes-{number}",
            "outlet": f"Sizes outlet {number % OUTLETS}",
            "title": f"Article {number}",
            "language": "en",
            "published_at": f"{page[0].day}T12:00Z",
        }
        yield Document(f"line {number}", "\n\n".join(paragraphs).encode(), TEXT, record)
        number += 1


def _sentence(made: Made) -> str:
    return f"{speaker_name(made.speaker or 0)} said that the {' '.join(made.words)}."


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--statements", type=int, default=4_000)
    wanted = parser.parse_args().statements
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    os.environ.setdefault("LOG_LEVEL", "ERROR")
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    rows = documents(wanted)
    half = wanted // PER_ARTICLE // 2
    work(list(islice(rows, half)))
    before = measure()
    work(list(rows))
    after = measure()
    return report(before, after)


def work(batch: list[Any]) -> None:
    """Do with documents all that workers do."""
    from claims.services import coverage, matching, reading, summaries
    from sources import importing

    importing.request_import("sizes", documents=batch)
    while importing.import_next(most=importing.TOGETHER):
        pass
    while reading.extract_next_revision():
        pass
    while matching.match_next_revision():
        pass
    while summaries.refresh_outdated():
        pass
    while coverage.fold_ledgers():
        pass
    while coverage.compare_wordings():
        pass


def measure() -> dict[str, Any]:
    """Return the rows and bytes of each table and index, and where the log of changes has got to."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_wal_lsn() - '0/0', current_setting('full_page_writes')")
        [(wal, full_pages)] = cursor.fetchall()
        cursor.execute("VACUUM ANALYZE")
        cursor.execute(
            "SELECT relname, pg_table_size(oid), pg_indexes_size(oid),"
            " coalesce(pg_relation_size(nullif(reltoastrelid, 0)), 0), greatest(reltuples, 0)"
            " FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
        )
        tables = {name: sizes for name, *sizes in cursor.fetchall()}
        cursor.execute(
            "SELECT relname, indrelid::regclass::text, pg_relation_size(oid)"
            " FROM pg_class JOIN pg_index ON indexrelid = oid WHERE relnamespace = 'public'::regnamespace"
        )
        indexes = {name: (table, size) for name, table, size in cursor.fetchall()}
        rows = {}
        for name in ("claims_statement", "claims_claim", "sources_article"):
            cursor.execute(f"SELECT count(*) FROM {name}")  # noqa: S608 (names of ours)
            [(rows[name],)] = cursor.fetchall()
    return {"wal": float(wal), "full_pages": full_pages, "tables": tables, "indexes": indexes, "rows": rows}


def report(before: dict[str, Any], after: dict[str, Any]) -> int:
    """Print what was added, by table; return 1 where a statement weighs more than it should."""
    added = {name: after["rows"][name] - before["rows"][name] for name in after["rows"]}
    statements, claims, articles = added["claims_statement"], added["claims_claim"], added["sources_article"]
    print(f"added: {statements:,} statements, {claims:,} claims, {articles:,} articles")
    grown = {
        name: [now - then for now, then in zip(sizes, before["tables"][name], strict=True)]
        for name, sizes in after["tables"].items()
    }
    print(f"{'bytes for each statement':<40} {'rows':>8} {'table':>8} {'text':>8} {'indexes':>8} {'together':>9}")
    shown = sorted(grown, key=lambda name: -sum(grown[name][:2]))
    for name in [each for each in shown if each != SNAPSHOTS][:TOLD]:
        table, indexes, text, rows = (size / statements for size in grown[name])
        print(f"  {name:<38} {rows:8.2f} {table:8.0f} {text:8.0f} {indexes:8.0f} {table + indexes:9.0f}")

    def together(*prefixes: str) -> tuple[float, float]:
        """Return the bytes of these tables with their indexes, and of their indexes alone."""
        sizes = [size for name, size in grown.items() if name.startswith(prefixes) and name != SNAPSHOTS]
        return float(sum(table + indexes for table, indexes, *_ in sizes)), float(sum(size[1] for size in sizes))

    of_statements, indexes_of_statements = together(*OF_STATEMENTS)
    of_claims, indexes_of_claims = (
        whole - part for whole, part in zip(together("claims_"), together(*OF_STATEMENTS), strict=True)
    )
    of_sources, indexes_of_sources = together("sources_")
    print(f"  {'all but snapshots':<38} {'':>8} {'':>8} {'':>8} {'':>8} {together('')[0] / statements:9.0f}")
    print("of these, the largest indexes of what there is for each statement:")
    added_by = {
        name: (size - before["indexes"][name][1]) / statements
        for name, (table, size) in after["indexes"].items()
        if table.startswith(OF_STATEMENTS)
    }
    for name in sorted(added_by, key=lambda name: -added_by[name])[:TOLD_INDEXES]:
        print(f"  {name:<74} {added_by[name]:9.0f}")
    named = ", ".join(f"{name}*" for name in OF_STATEMENTS)
    for each, number, whole, part in (
        (f"statement ({named})", statements, of_statements, indexes_of_statements),
        ("claim (all other claims_*)", claims, of_claims, indexes_of_claims),
        ("article (sources_*, without snapshots)", articles, of_sources, indexes_of_sources),
    ):
        print(f"for each {each}: {whole / number:,.0f} bytes, {part / number:,.0f} of them indexes")
    print(f"snapshots: {sum(grown[SNAPSHOTS][:2]) / articles:,.0f} bytes for each article")
    log = after["wal"] - before["wal"]
    pages = "with" if after["full_pages"] == "on" else "without"
    print(
        f"log of changes (WAL), {pages} full pages: {log / statements:,.0f} bytes for each statement,"
        f" {log / articles:,.0f} for each article"
    )
    note("bytes for each statement", of_statements / statements, "B", at_most=TARGET_BYTES)
    note("bytes for each statement, of them indexes", indexes_of_statements / statements, "B")
    note("bytes for each claim", of_claims / claims, "B")
    note("bytes for each article, snapshots apart", of_sources / articles, "B")
    note(f"WAL {pages} full pages, for each statement", log / statements, "B")
    note(f"WAL {pages} full pages, for each article", log / articles, "B")
    met = of_statements / statements <= TARGET_BYTES
    print(f"a statement takes {'at most' if met else 'MORE THAN'} {TARGET_BYTES:,.0f} bytes")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
