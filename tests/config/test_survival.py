"""Nothing is lost and nothing is doubled when parts of the stack are killed in the middle of an import."""

import json
import os
import signal

import psycopg

from tests.config.running import Up, manage, wait_until

ARTICLES = 200
IMPORTED = "select count(*) from sources_article"
READ = "select count(*) from claims_extraction where state in ('extracted', 'matched')"


def test_an_import_survives_kill_9_of_worker_broker_and_database(home, port, tmp_path):
    lines = [json.dumps(article(number)) for number in range(ARTICLES)]
    (tmp_path / "articles.jsonl").write_text("\n".join(lines), encoding="utf-8")
    up = Up(home, port).wait_for_page()
    started = manage("import_articles", str(tmp_path / "articles.jsonl"), SECOND_SOURCE_HOME=str(home))
    assert started.returncode == 0, started.stderr

    for name, reached in (("worker", 10), ("valkey", 40), ("postgres", 70)):
        wait_until(lambda reached=reached: query(home, IMPORTED) >= reached, timeout_s=120)
        os.kill(up.record["processes"][name]["pid"], signal.SIGKILL)
        up.wait_for(f"{name} ended with signal SIGKILL")
    up.process.kill()
    up.process.wait()

    up = Up(home, port).wait_for_page()
    wait_until(lambda: query(home, READ) == ARTICLES, timeout_s=180)
    assert query(home, "select count(*) from sources_importitem where state = 'imported'") == ARTICLES
    assert query(home, IMPORTED) == ARTICLES
    assert query(home, "select count(distinct url) from sources_article") == ARTICLES
    assert query(home, "select count(*) from sources_revision") == ARTICLES
    # One quotation each: none is missing, none is there twice.
    assert query(home, "select count(*) from claims_statement") == ARTICLES
    assert query(home, "select count(distinct revision_id) from claims_statement") == ARTICLES


def article(number):
    return {
        "id": f"survivor-{number}",
        "url": f"https://news.example/bridges/{number}",
        "outlet": "Daily Bridge",
        "title": f"Bridge {number} to open",
        "published_at": "2024-03-01T08:00:00Z",
        "text": f"Minister Jane Roe spoke on Monday. “Bridge number {number} will open in spring,” Jane Roe said.",
    }


def query(home, statement):
    """The one number that `statement` finds; -1 while the database does not answer."""
    url = json.loads((home / "services.json").read_text())["database_url"]
    try:
        with psycopg.connect(url) as connection:
            return connection.execute(statement).fetchone()[0]
    except psycopg.OperationalError:
        return -1
