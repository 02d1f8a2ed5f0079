"""Web Annotations made elsewhere, sent to be statements; and those of this site, which come back as what they were."""

import json

import pytest
from django.core.cache import cache
from pyld import jsonld

from accounts.scopes import Scope
from accounts.tokens import make_token
from claims.models import Attribution, Note, Statement
from claims.services.annotating import withdraw_statement
from tests.claims.test_api_formats import loaded
from tests.factories import make_article, make_claim, make_report, make_speaker, make_user, revise

pytestmark = pytest.mark.django_db

API = "/api/v1"
URL = "https://gazette.example/2020/river"
TEXT = "The Gazette asked. Ms Ruiz said: “The river 🙂 will be dredged.” She added: “Taxes will rise.”"
WORDS = "The river 🙂 will be dredged."
PROFILE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'


@pytest.fixture(autouse=True)
def settled(settings):
    cache.clear()


@pytest.fixture
def article():
    return make_article(TEXT, url=URL)


@pytest.fixture
def send(client):
    editor = make_user("ed", editor=True)
    _, secret = make_token(editor, name="tests", scopes=[Scope.ANNOTATE], days=1)

    def send(path, document, expected=201, form=PROFILE):
        content = document if isinstance(document, str) else json.dumps(document)
        response = client.post(
            f"{API}/{path}", content, content_type=form, headers={"Authorization": f"Bearer {secret}"}
        )
        assert response.status_code == expected, response.content[:2000]
        return response.json(), response

    return send


def hypothesis(exact=WORDS, *, source=URL, selectors=None, **members):
    """Return an annotation as Hypothesis exports one."""
    start = TEXT.index(exact) if exact in TEXT else 0
    return {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": "https://hypothes.example/a/1",
        "type": "Annotation",
        "created": "2020-01-31T12:00:00Z",
        "creator": "acct:someone@hypothes.example",
        "body": [{"type": "TextualBody", "value": "Who paid?", "format": "text/markdown", "purpose": "commenting"}],
        "target": [
            {
                "source": source,
                "selector": selectors
                or [
                    {"type": "RangeSelector", "startSelector": {"type": "XPathSelector", "value": "/p[1]"}},
                    {"type": "TextPositionSelector", "start": start, "end": start + len(exact)},
                    {
                        "type": "TextQuoteSelector",
                        "exact": exact,
                        "prefix": TEXT[max(0, start - 10) : start],
                        "suffix": TEXT[start + len(exact) :][:10],
                    },
                ],
            }
        ],
        **members,
    }


def test_an_annotation_becomes_a_statement_with_its_note(client, send, article):
    answer, response = send("annotations/", hypothesis())

    statement = Statement.objects.get()
    assert (statement.quote, statement.kind, statement.method) == (WORDS, "direct", "editor")
    assert TEXT[statement.start : statement.end] == WORDS
    assert Note.objects.get().text == "Who paid?"
    assert Note.objects.get().statement == statement
    address = f"http://testserver{API}/statements/{statement.uid}/annotation/"
    assert answer["id"] == response["Location"] == address
    expanded = jsonld.expand(client.get(address).json(), {"documentLoader": loaded})
    assert expanded == jsonld.expand(answer, {"documentLoader": loaded})


def test_an_annotation_that_comes_again_adds_nothing(send, article):
    send("annotations/", hypothesis())
    send("annotations/", hypothesis(), expected=200)

    assert (Statement.objects.count(), Note.objects.count()) == (1, 1)


def test_what_an_editor_withdrew_does_not_come_back_with_an_old_annotation(send, article):
    send("annotations/", hypothesis())
    withdraw_statement(Statement.objects.get(), reason="Nobody said it.", by=make_user())

    answer, _ = send("annotations/", hypothesis(), expected=409)

    assert "Nobody said it." in answer["detail"]
    assert Statement.objects.get().withdrawn_at is not None


def test_a_tag_that_names_a_speaker_says_who_said_it_and_a_claim_is_linked(send, article):
    speaker, claim = make_speaker("Ana Ruiz"), make_claim("The river will be dredged.")
    body = [
        {"type": "TextualBody", "value": "rivers", "purpose": "tagging"},
        {"type": "TextualBody", "value": "ana ruiz", "purpose": "tagging"},
        {"type": "SpecificResource", "source": f"http://testserver/claims/{claim.uid}/", "purpose": "identifying"},
    ]

    send(f"articles/{article.uid}/annotations/", hypothesis(body=body))

    assert Statement.objects.get().speaker == speaker
    assert Attribution.objects.get().claim == claim
    assert Attribution.objects.get().status == "confirmed"
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    "selectors",
    [
        [{"type": "TextQuoteSelector", "exact": WORDS}],
        [{"type": "TextPositionSelector", "start": TEXT.index(WORDS), "end": TEXT.index(WORDS) + len(WORDS)}],
        # Counted in UTF-16, or in another text: the quotation tells.
        [
            {"type": "TextPositionSelector", "start": TEXT.index(WORDS) + 3, "end": TEXT.index(WORDS) + 9},
            {"type": "TextQuoteSelector", "exact": WORDS, "prefix": "said: “", "suffix": "” She"},
        ],
    ],
)
def test_words_are_found_by_either_selector(send, article, selectors):
    send("annotations/", hypothesis(selectors=selectors))

    assert Statement.objects.get().quote == WORDS


def test_what_this_site_exports_comes_back_as_what_it_was(client, send, article):
    speaker, claim = make_speaker("Ms Ruiz"), make_claim("Taxes will rise.")
    for words in (WORDS, "Taxes will rise."):
        make_report(make_claim(speaker=speaker) if words == WORDS else claim, article=article, quote=words)
    page = client.get(f"{API}/articles/{article.uid}/annotations/?page=0").json()
    before = list(Statement.objects.values_list("uid", "quote")), list(Attribution.objects.values_list("uid", "status"))

    answer, _ = send(f"articles/{article.uid}/annotations/", page, expected=207)

    assert [(row["status"], row["row"]["id"]) for row in answer["results"]] == [
        (200, item["id"]) for item in page["items"]
    ]
    assert [row["row"] for row in answer["results"]] == [
        {"@context": page["@context"], **item} for item in page["items"]
    ]
    after = list(Statement.objects.values_list("uid", "quote")), list(Attribution.objects.values_list("uid", "status"))
    assert after == before
    assert not Note.objects.exists()


def test_annotations_of_one_site_make_the_same_statements_at_another(client, send, article):
    """A page is exported, all of it is withdrawn as at a site that never had it, and imported again."""
    speaker = make_speaker("Ms Ruiz")
    for words in (WORDS, "Taxes will rise."):
        make_report(make_claim(words, speaker=speaker), article=article, quote=words)
    page = client.get(f"{API}/articles/{article.uid}/annotations/?page=0").json()
    had = sorted(Statement.objects.values_list("quote", "start", "end", "speaker__name"))
    other = make_article(TEXT, url="https://herald.example/1")
    moved = json.loads(json.dumps(page).replace(URL, other.url))

    answer, _ = send("annotations/", moved, expected=207)

    assert [row["status"] for row in answer["results"]] == [201, 201]
    made = Statement.objects.filter(revision=other.current_revision)
    assert sorted(made.values_list("quote", "start", "end", "speaker__name")) == had
    assert Attribution.objects.filter(statement__in=made, status="confirmed").count() == 2


def test_each_annotation_of_a_list_has_its_own_outcome(send, article):
    lost = hypothesis("Words of nobody.", selectors=[{"type": "TextQuoteSelector", "exact": "Words of nobody."}])
    elsewhere = hypothesis(source="https://herald.example/1")

    answer, _ = send("annotations/", [lost, hypothesis(), {"type": "Note"}, elsewhere, 7], expected=207)

    assert [row["status"] for row in answer["results"]] == [422, 201, 400, 400, 400]
    assert "does not" in answer["results"][0]["problem"]["detail"] or "not" in answer["results"][0]["problem"]["detail"]
    assert Statement.objects.get().quote == WORDS
    refused, _ = send("annotations/?atomic=1", [hypothesis("Taxes will rise."), lost], expected=422)
    assert [row["status"] for row in refused["results"]] == [424, 422]
    assert Statement.objects.count() == 1


def test_words_are_looked_for_in_the_text_that_the_article_has_now(send, article):
    revise(article, f"Corrected. {TEXT}")

    send("annotations/", hypothesis())

    statement = Statement.objects.get()
    assert statement.revision == article.current_revision
    assert statement.revision.text[statement.start : statement.end] == WORDS


def test_an_article_is_named_by_its_address_or_its_page_here(send, article):
    for source in (
        f"{URL}#top",
        f"http://testserver/articles/{article.uid}/",
        f"https://x.example/ru/articles/{article.uid}/",
    ):
        send("annotations/", hypothesis(source=source), expected=200 if Statement.objects.exists() else 201)

    assert Statement.objects.count() == 1
    send(f"articles/{make_article().uid}/annotations/", hypothesis(), expected=400)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, 400),
        ({"type": "Annotation"}, 400),
        (hypothesis(target=URL), 400),
        (hypothesis(target=[]), 400),
        (hypothesis(target=[*hypothesis()["target"], *hypothesis("Taxes will rise.")["target"]]), 400),
        (hypothesis(source="\ud800"), 400),
        (hypothesis(source="https://[/"), 400),
        (hypothesis(body={"type": "TextualBody", "value": "\0"}), 400),
        (hypothesis(body={"type": "TextualBody", "value": "x" * 2001}), 400),
        (hypothesis(body={"type": "SpecificResource", "source": "https://a.example/", "purpose": "identifying"}), 400),
        (hypothesis(selectors=[{"type": "TextPositionSelector", "start": 0, "end": 10**30}]), 400),
        (hypothesis(selectors=[{"type": "TextPositionSelector", "start": 0, "end": 10**6}]), 422),
        (hypothesis(selectors=[{"type": "TextPositionSelector", "start": "0", "end": "5"}]), 400),
        (hypothesis(selectors=[{"type": "TextQuoteSelector", "exact": "e"}]), 422),
        ({"type": "AnnotationCollection", "first": "https://a.example/1"}, 400),
        ({"type": "AnnotationPage", "items": {}}, 400),
        ({"type": "AnnotationPage", "items": []}, 400),
        ([], 400),
        (7, 400),
        ("[" * 200_000, 400),
    ],
)
def test_what_cannot_be_meant_is_refused_and_nothing_is_stored(send, article, document, expected):
    answer, response = send("annotations/", document, expected=expected)

    assert response["Content-Type"] == "application/problem+json"
    assert answer["detail"]
    assert not Statement.objects.exists()
    assert not Note.objects.exists()


def test_plain_json_is_taken_too_and_no_other_form(send, article):
    send("annotations/", hypothesis(), form="application/json")
    send("annotations/", json.dumps(hypothesis()), form="text/plain", expected=415)
