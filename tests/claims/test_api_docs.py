"""The questions of docs/api.md, asked as they stand there, of the articles that come with the site."""

import re
import shlex
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from django.core.management import call_command

from claims.services.matching import match_next_revision
from claims.services.reading import extract_next_revision
from sources import tasks
from sources.importing import import_next

pytestmark = pytest.mark.django_db(transaction=True)

DOCUMENT = Path(__file__).parents[2] / "docs" / "api.md"
ASSIGNED = re.compile(r"(?P<name>[A-Z_]+)=\$\((?P<command>.+)\)")
QUESTION = re.compile(r"^\*\*(\d+)\. ", re.MULTILINE)


@pytest.fixture
def seeds(monkeypatch):
    monkeypatch.setattr(tasks.import_items, "delay", lambda: None)
    call_command("load_seeds")
    for work in (import_next, extract_next_revision, match_next_revision):
        while work():
            pass


def questions():
    """Return the lines of shell under each question, by its number."""
    text = DOCUMENT.read_text(encoding="utf-8")
    asked = text[text.index("## Ten questions") : text.index("## How lists are asked")]
    parts = QUESTION.split(asked)[1:]
    blocks = {
        int(number): re.findall(r"```sh\n(.*?)```", body, re.DOTALL)
        for number, body in zip(parts[::2], parts[1::2], strict=True)
    }
    return {
        number: [line for block in found for line in block.splitlines() if line] for number, found in blocks.items()
    }


def address_of(command, names):
    """Return the address that a curl line asks, with its parameters."""
    words = shlex.split(command.split(" | ")[0].split(" > ")[0])
    assert words.pop(0) == "curl"
    address, pairs = "", []
    while words:
        word = words.pop(0)
        if word in ("-d", "--data-urlencode"):
            name, _, value = words.pop(0).partition("=")
            pairs.append(f"{name}={quote_plus(value)}")
        elif not word.startswith("-"):
            address = word
    for name, value in names.items():
        address = address.replace(f"${name}", value)
    assert "$" not in address, address
    return f"{address}?{'&'.join(pairs)}" if pairs else address


def picked(answer, jq):
    """Return what `jq -r` prints for a path such as .results[0].uid."""
    for part in re.findall(r"[a-z_]+|\[\d+\]", jq.strip("'")):
        answer = answer[int(part[1:-1])] if part.startswith("[") else answer[part]
    return answer


def test_every_question_of_the_document_is_answered(client, seeds):
    names, asked = {"API": "/api/v1"}, 0
    answers = {}
    for number, lines in questions().items():
        for line in lines:
            assigned = ASSIGNED.fullmatch(line)
            command = assigned["command"] if assigned else line
            response = client.get(address_of(command, names))
            assert response.status_code == 200, (line, response.getvalue()[:500])
            asked += 1
            if assigned:
                names[assigned["name"]] = picked(response.json(), command.split("jq -r ")[1])
            elif response.streaming:
                answers[number, line] = b"".join(response.streaming_content).decode()
            else:
                answers[number, line] = response.json()

    assert sorted({number for number, _ in answers}) == list(range(1, 11))
    assert asked >= 20
    for (number, line), answer in answers.items():
        if "since=" not in line and isinstance(answer, dict) and "results" in answer:
            assert answer["results"], f"question {number} finds nothing: {line}"


def test_the_answers_are_those_of_the_two_articles(client, seeds):
    shared = client.get("/api/v1/claims/?outlets_min=2&count=exact").json()

    assert shared["count"] == len(shared["results"]) == 9
    assert {row["level"] for row in shared["results"]} == {"repeated"}
    both = client.get("/api/v1/claims/?outlet=cgtn&outlet=executive-intelligence-review&count=exact").json()
    assert both["count"] == 9
