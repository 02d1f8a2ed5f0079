"""The revisions of an article and what changed between them, as pages and over the API."""

import re
import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sources.models import Revision
from tests.factories import make_article, revise

pytestmark = pytest.mark.django_db

API = "/api/v1"
HOSTILE = "<script>alert(1)</script>"
OLD = "The mayor spoke at noon.\nShe said: “The dam will hold.”\nNobody left."
NEW = "The mayor spoke at noon.\nShe said: “The dam may hold.”\nA bridge closed.\nNobody left."


def words_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


@pytest.fixture
def article():
    article = make_article(OLD, title="Dam")
    revise(article, NEW)
    return article


def test_every_text_is_listed_with_its_time_hash_and_extractor(client, article):
    response = client.get(f"/articles/{article.uid}/revisions/")
    for revision in article.revisions.all():
        assert revision.sha256 in response.content.decode()
        assert f'href="/articles/{article.uid}/?revision={revision.number}"' in response.content.decode()
    words = words_of(response)
    assert words.count("2 January 2020, 00:00 UTC") == 2
    assert words.count("current") == 1
    # The last two are chosen.
    page = response.content.decode()
    assert re.search(r'name="old" value="1" checked', page)
    assert re.search(r'name="new" value="2" checked', page)


def test_the_last_two_texts_are_compared_in_words_as_well_as_in_colour(client, article):
    response = client.get(f"/articles/{article.uid}/changes/")
    page, words = response.content.decode(), words_of(response)

    assert "She said: “The dam [removed: will] [added: may] hold.”" in words
    assert "[added: A bridge closed.]" in words
    assert "4 words added 1 word removed" in words
    assert re.search(r"<del>.*will.*</del>", page)
    assert re.search(r"<ins>.*may.*</ins>", page)


def test_any_two_texts_are_compared_either_way(client, article):
    revise(article, OLD + "\nMore.")
    address = f"/articles/{article.uid}/changes/"
    assert "[removed: may] [added: will]" in words_of(client.get(address))
    assert "[removed: will] [added: may]" in words_of(client.get(address, {"old": 1, "new": 2}))
    assert "[removed: may] [added: will]" in words_of(client.get(address, {"old": 2, "new": 1}))
    assert "[added: More.]" in words_of(client.get(address, {"old": 1}))
    assert "[removed: will] [added: may]" in words_of(client.get(address, {"new": 2}))


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"old": 3}, 404),
        ({"new": 2_000_000_000}, 404),
        ({"old": "one"}, 400),
        ({"new": -1}, 400),
        ({"new": 10**40}, 400),
        ({"old": "\0"}, 400),
    ],
)
def test_a_text_that_is_not_there_is_not_found_and_what_is_no_number_is_named(client, article, asked, status):
    response = client.get(f"/articles/{article.uid}/changes/", asked)
    assert response.status_code == status


def test_an_article_with_one_text_has_nothing_to_compare(client):
    article = make_article("Only this.")
    assert "had one text only" in words_of(client.get(f"/articles/{article.uid}/changes/"))
    assert "Compare the two" not in words_of(client.get(f"/articles/{article.uid}/revisions/"))


def test_texts_that_differ_in_spaces_only_are_said_to(client):
    article = make_article("One  two.\nThree.")
    revise(article, "One two.\n\nThree.")
    assert "No word differs: only spaces or line ends do." in words_of(client.get(f"/articles/{article.uid}/changes/"))


def test_another_extractor_is_named_as_a_possible_cause(client, article):
    third = revise(article, NEW + "\nMore.")
    assert "different programs" not in words_of(client.get(f"/articles/{article.uid}/changes/"))
    Revision.objects.create(
        uid=article.uid, article=article, snapshot=third.snapshot, number=4, text="x", sha256="y", method="other"
    )
    assert "different programs (text; other)" in words_of(client.get(f"/articles/{article.uid}/changes/"))


def test_html_in_a_text_is_shown_not_run(client):
    article = make_article(f"Text {HOSTILE} one.", title=HOSTILE)
    revise(article, f"Text {HOSTILE} two. {HOSTILE}")
    for page in ("changes", "revisions"):
        response = client.get(f"/articles/{article.uid}/{page}/")
        assert "<script" not in response.content.decode()
    assert "&lt;[" not in words_of(client.get(f"/articles/{article.uid}/changes/"))


def test_long_unchanged_stretches_are_folded_but_in_the_page(client):
    lines = [f"Line {number} of a long text without news." for number in range(200)]
    article = make_article("\n".join(lines))
    revise(article, "\n".join([*lines[:100], "Here is news.", *lines[100:]]))
    page = client.get(f"/articles/{article.uid}/changes/").content.decode()

    assert page.count('<details class="unchanged">') == 2
    assert "99 unchanged paragraphs" in page
    assert all(line in page for line in lines)


def test_half_a_megabyte_is_shown_in_a_moment(client):
    lines = [f"Line {number} of a long text that has a few words more than it needs." for number in range(7500)]
    article = make_article("\n".join(lines))
    revise(article, "\n".join(line.replace("needs", "had") if n % 50 == 0 else line for n, line in enumerate(lines)))
    began = time.process_time()
    response = client.get(f"/articles/{article.uid}/changes/")
    assert time.process_time() - began < 3
    assert "150 words added 150 words removed" in words_of(response)


def test_more_revisions_cost_no_more_queries(client, article):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    addresses = [f"/articles/{article.uid}/{page}" for page in ("", "revisions/", "changes/")]
    addresses += [f"{API}/articles/{article.uid}/{part}" for part in ("", "revisions/1/", "changes/")]
    few = [queries(address) for address in addresses]
    for number in range(20):
        revise(article, f"{NEW}\nUpdate {number}.")
    assert [queries(address) for address in addresses] == few


def test_the_article_leads_to_its_revisions_and_changes(client, article):
    page = client.get(f"/articles/{article.uid}/").content.decode()
    assert f"/articles/{article.uid}/revisions/" in page
    assert f"/articles/{article.uid}/changes/" in page
    earlier = client.get(f"/articles/{article.uid}/?revision=1").content.decode()
    assert f"/articles/{article.uid}/changes/?old=1" in earlier


# The API


def test_the_api_lists_the_revisions_and_leads_to_their_texts(client, article):
    answer = client.get(f"{API}/articles/{article.uid}/").json()
    assert [(row["number"], row["sha256"]) for row in answer["revisions"]] == list(
        article.revisions.order_by("number").values_list("number", "sha256")
    )
    first = answer["revisions"][0]
    assert first["snapshot"]["captured_at"] == "2020-01-02T00:00:00Z"
    assert client.get(first["links"]["page"]).status_code == 200
    text = client.get(first["links"]["self"]).json()
    assert (text["text"], text["uid"]) == (OLD, first["uid"])
    changes = client.get(answer["revisions"][1]["links"]["changes"]).json()
    assert (changes["old"]["number"], changes["new"]["number"]) == (1, 2)


def test_the_api_tells_changes_word_by_word(client, article):
    answer = client.get(f"{API}/articles/{article.uid}/changes/").json()
    assert (answer["added"], answer["removed"]) == (4, 1)
    assert [paragraph["change"] for paragraph in answer["paragraphs"]] == ["same", "changed", "added", "same"]
    assert answer["paragraphs"][1]["pieces"] == [
        {"change": "same", "text": "She said: “The dam "},
        {"change": "removed", "text": "will "},
        {"change": "added", "text": "may "},
        {"change": "same", "text": "hold.”"},
    ]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("changes/?old=9", 404),
        ("changes/?old=x", 400),
        ("changes/?from=1", 400),
        ("revisions/3/", 404),
        ("revisions/x/", 404),
        ("revisions/1/?text=1", 400),
    ],
)
def test_the_api_refuses_what_cannot_be_meant(client, article, path, status):
    assert client.get(f"{API}/articles/{article.uid}/{path}").status_code == status
