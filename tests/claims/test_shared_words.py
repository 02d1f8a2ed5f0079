"""Where articles come from, through import, page and API: copies, cut copies, and paragraphs taken from an agency."""

import html
import json
import re

import pytest
from django.urls import reverse

from sources.documents import Document
from sources.importing import import_next, request_import
from sources.models import Article
from tests.factories import make_outlet
from tests.sources.test_copies import prose

pytestmark = pytest.mark.django_db

API = "/api/v1"
DISPATCH = prose("dispatch", paragraphs=10)
TAKEN = DISPATCH.split("\n\n")[2:5]
SPEECH = "“We shall rebuild the harbour wall before the winter, whatever it costs us, and nobody will be left alone.”"
TEXTS = {
    "Wire": f"{DISPATCH}\n\n{SPEECH}",
    "Copier": f"{DISPATCH}\n\n{SPEECH}",
    "Cutter": "\n\n".join(DISPATCH.split("\n\n")[:4]),
    "Quoter": "\n\n".join([prose("own"), *(f"“{paragraph}”" for paragraph in TAKEN), prose("more of its own")]),
    # The same event, and the same speech, in words of its own.
    "Witness": f"{prose('witness', paragraphs=10)}\n\n{SPEECH}",
}


@pytest.fixture
def articles():
    make_outlet("Wire", kind="agency")
    documents = [
        Document(
            outlet,
            text.encode(),
            "text/plain",
            {"outlet": outlet, "title": f"{outlet} on the wall", "published_at": f"2020-01-31T{8 + hour:02}:00:00Z"},
        )
        for hour, (outlet, text) in enumerate(TEXTS.items())
    ]
    run = request_import("five", documents=documents)
    while import_next():
        pass
    assert set(run.items.values_list("state", flat=True)) == {"imported"}
    return {article.outlet.name: article for article in Article.objects.select_related("outlet", "current_revision")}


def derivations_of(client, article):
    return json.loads(client.get(f"{API}/articles/{article.uid}/").content)["derivations"]


@pytest.mark.parametrize(("outlet", "partial"), [("Copier", False), ("Cutter", False), ("Quoter", True)])
def test_copies_are_answered_with_the_words_that_both_have(client, articles, outlet, partial):
    article, wire = articles[outlet], articles["Wire"]
    (derivation,) = derivations_of(client, article)

    assert (derivation["kind"], derivation["partial"]) == ("copy", partial)
    assert derivation["upstream_article"]["uid"] == str(wire.uid)
    assert derivation["revision"] == str(article.current_revision.uid)
    assert derivation["spans"]
    for span in derivation["spans"]:
        here = article.current_revision.text[span["start"] : span["end"]]
        there = wire.current_revision.text[span["upstream_start"] : span["upstream_end"]]
        words = re.findall(r"\w+", here.casefold())
        assert words == re.findall(r"\w+", there.casefold())
        assert span["words"] == len(words)
        assert span["upstream_revision"] == str(wire.current_revision.uid)
    if outlet == "Quoter":
        shared = " ".join(article.current_revision.text[s["start"] : s["end"]] for s in derivation["spans"])
        assert all(paragraph.rstrip(".") in shared for paragraph in TAKEN)


@pytest.mark.parametrize("outlet", ["Copier", "Cutter", "Quoter"])
def test_both_pages_show_the_shared_words_side_by_side_and_mark_them_in_the_text(client, articles, outlet):
    article, wire = articles[outlet], articles["Wire"]
    (derivation,) = derivations_of(client, article)
    span = derivation["spans"][0]
    here, there = (f"e-{span[a]}-{span[b]}" for a, b in (("start", "end"), ("upstream_start", "upstream_end")))
    pages = {name: client.get(one.get_absolute_url()).content.decode() for name, one in articles.items()}
    compared = f"{reverse('article_compare')}?article={article.uid}&article={wire.uid}"
    side_by_side = client.get(compared).content.decode()

    for name, anchor in ((outlet, here), ("Wire", there)):
        assert f'href="#{anchor}"' in pages[name]
        assert f'id="{anchor}"' in pages[name]
    assert f"{html.escape(compared)}#copied" in pages[outlet]
    assert f'href="{wire.get_absolute_url()}?revision=1#{there}"' in side_by_side
    assert f'href="{article.get_absolute_url()}?revision=1#{here}"' in side_by_side
    count = len(derivation["spans"])
    words = sum(one["words"] for one in derivation["spans"])
    assert f"{words} words in {count} passage{'' if count == 1 else 's'} are the same" in pages[outlet]
    # The shared words, once for each article, beside each other.
    marks = re.findall(r"<figure>.*?<mark>(.*?)</mark>", side_by_side, re.DOTALL)
    shown = [re.findall(r"\w+", html.unescape(mark).casefold()) for mark in marks]
    assert len(shown) == 2 * count
    assert all(a[:30] == b[:30] for a, b in zip(shown[::2], shown[1::2], strict=True))


def test_an_article_on_the_same_event_is_no_copy(client, articles):
    assert derivations_of(client, articles["Witness"]) == []
    witness, wire = (articles[name].get_absolute_url() for name in ("Witness", "Wire"))
    assert "are the same" not in client.get(witness).content.decode()
    assert witness not in client.get(wire).content.decode()
