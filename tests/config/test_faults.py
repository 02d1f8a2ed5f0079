"""Killing each process of the stack during an import: nothing is lost and nothing doubled."""

import json
import signal

from tests.config import faults
from tests.config.running import START_TIMEOUT_S, Database, Up, manage, wait_until

SAYINGS, OUTLETS = 50, 4
ARTICLES = SAYINGS * OUTLETS
THINGS = (
    "anchor barrel beacon bridge canal candle castle chapel cinema cistern clinic copper cotton cradle crane dairy "
    "dungeon engine fabric falcon ferry forge fountain furnace garden glacier granite guitar hammer harbour hospital "
    "jetty kettle ladder lantern library lighthouse lumber marble museum orchard organ pavilion pigeon pottery quarry "
    "railway reservoir sawmill stadium tannery theatre tunnel turbine vineyard violin walnut windmill"
).split()


def write_articles(path):
    """Write articles of four outlets, each with one of fifty sayings that have little in common."""
    lines = []
    for number in range(ARTICLES):
        saying, outlet = divmod(number, OUTLETS)
        first, second, third = (THINGS[(saying + step) % len(THINGS)] for step in (0, 7, 20))
        text = f"Mayor Ana Silva said that the {first} beside the {second} had been sold to the {third} company."
        row = {"id": f"a-{number}", "outlet": f"Outlet {outlet}", "title": f"The {first}", "text": text}
        lines.append(json.dumps(row))
    path.write_text("\n".join(lines), encoding="utf-8")


def test_kill_9_of_worker_broker_and_database_during_an_import_loses_and_doubles_nothing(home, port, tmp_path):
    articles = tmp_path / "articles.jsonl"
    write_articles(articles)
    up = Up(home, port).wait_for_page()
    database = Database(home)
    imported = manage("import_articles", str(articles), SECOND_SOURCE_HOME=str(home))
    assert imported.returncode == 0, imported.stderr

    # Two while statements are found, two while they are matched; the documents themselves are imported all at once.
    for name, table, rows in (
        ("worker", "claims_statement", 1),
        ("valkey", "claims_statement", 40),
        ("postgres", "claims_attribution", 20),
        ("worker", "claims_attribution", 60),
    ):
        wait_until(lambda table=table, rows=rows: (database.count(table) or 0) >= rows)
        assert (database.count(table) or 0) < ARTICLES, "the work ended before the kill"
        with faults.killed(up, name):
            pass
    up.kill()

    up = Up(home, port).wait_for_page()
    wait_until(lambda: database.count("claims_extraction", "state = 'matched'") == ARTICLES)
    assert database.count("sources_importitem", "state = 'imported'") == ARTICLES
    assert database.count("sources_importitem") == ARTICLES
    assert database.count("sources_article") == ARTICLES
    assert database.count("sources_revision") == database.count("sources_snapshot") == ARTICLES
    assert database.count("claims_statement") == ARTICLES
    assert database.count("claims_attribution") == ARTICLES
    assert database.count("claims_claim") == SAYINGS
    # What follows of the last ones is counted after they are matched.
    counted = f"basis = 'counted' AND outlet_count = {OUTLETS}"
    wait_until(lambda: database.count("claims_corroboration", counted) == SAYINGS)
    up.process.send_signal(signal.SIGTERM)
    assert up.process.wait(START_TIMEOUT_S) == 0
