"""Copies: what two texts share, who had it from whom, and what that does to the claims they report."""

import random
from datetime import UTC, datetime

import pytest

from claims import tasks
from claims.models import Corroboration
from claims.services import summaries
from sources import copies, reuse
from sources.copies import Side, align, direction, read_words, winnow
from sources.documents import Document
from sources.importing import import_next, request_import
from sources.models import Derivation, DerivationSpan, Fingerprint
from tests.factories import make_article, make_claim, make_credit, make_outlet, make_report, make_user, revise

EARLIER, LATER = datetime(2020, 1, 1, 8, tzinfo=UTC), datetime(2020, 1, 1, 18, tzinfo=UTC)
VOCABULARY = [
    a + b for a in "bade cofi duga hiro jalu kemo lina".split() for b in "ra te mi so nu vel dor kin pas".split()
]


def prose(seed, *, paragraphs=8, words=40):
    """Return text of sentences that no other seed shares."""
    choice = random.Random(seed)
    return "\n\n".join(
        " ".join(choice.choice(VOCABULARY) for _ in range(words)).capitalize() + "." for _ in range(paragraphs)
    )


def overlap(text, upstream):
    return align(read_words(text), read_words(upstream))


def is_reuse(text, upstream):
    shared = set(winnow(read_words(upstream)).hashes)
    printed = winnow(read_words(text))
    positions = [p for h, p in zip(printed.hashes, printed.positions, strict=True) if h in shared]
    return overlap(text, upstream).is_reuse(positions)


# The pure part


def test_every_fifteen_words_in_a_row_that_two_texts_share_give_a_common_fingerprint():
    words = prose("a", paragraphs=1, words=300).split()
    whole = set(winnow(read_words(" ".join(words))).hashes)
    for start in range(280):
        piece = " ".join(["other", "beginning", *words[start : start + 15], "other", "end"])
        assert whole & set(winnow(read_words(piece)).hashes)


def test_passages_are_exact_and_as_long_as_they_can_be():
    agency = prose("agency")
    first, second = agency.split("\n\n")[1], agency.split("\n\n")[5]
    text = f"{prose('a')}\n\n{first}\n\n{prose('b')}\n\n{second}\n\n{prose('c')}"

    found = overlap(text, agency)

    assert [text[p.start : p.end] for p in found.passages] == [first.rstrip("."), second.rstrip(".")]
    assert [agency[p.upstream_start : p.upstream_end] for p in found.passages] == [
        first.rstrip("."),
        second.rstrip("."),
    ]
    assert [p.words for p in found.passages] == [40, 40]


def test_offsets_count_code_points_and_letters_are_compared_without_case():
    agency = prose("agency", paragraphs=1)
    text = f"😀😀 «{agency.upper()}»"
    [passage] = overlap(text, agency).passages
    assert text[passage.start : passage.end] == agency.upper().rstrip(".")


def test_texts_without_spaces_are_compared_by_characters():
    agency = (
        "国家主席星期一在北京会见了来访的外国客人双方就共同关心的问题交换了意见并同意加强在贸易能源和教育领域的合作" * 2
    )
    assert overlap(f"本报讯。{agency}。其他的话。", agency).words >= 50


@pytest.mark.parametrize("text", ["", "Three words only.", "😀", "\n\n"])
def test_a_text_too_short_for_a_fingerprint_shares_nothing(text):
    assert winnow(read_words(text)).hashes == ()
    assert overlap(text, prose("a")).passages == ()


def test_a_copy_a_cut_copy_and_three_paragraphs_are_reuse_and_other_texts_are_not():
    agency = prose("agency")
    paragraphs = agency.split("\n\n")
    assert is_reuse(agency, agency)
    assert is_reuse("\n\n".join(paragraphs[:3]), agency)
    assert is_reuse("\n\n".join([prose("a"), *paragraphs[2:5], prose("b")]), agency)
    assert not is_reuse(prose("other"), agency)


@pytest.mark.parametrize(("opening", "closing"), ["“”", '""', "«»", "„“"])
def test_a_speech_that_two_reporters_quote_is_no_copy(opening, closing):
    speech = f"{opening}{prose('speech', paragraphs=1, words=120).rstrip('.')}{closing}"
    one = f"{prose('a')}\n\n{speech} the minister said on Monday.\n\n{prose('b')}"
    other = f"{prose('c')}\n\nThe minister told reporters: {speech}\n\n{prose('d')}"
    assert not is_reuse(one, other)


def test_a_post_a_turn_of_a_transcript_and_what_a_colon_announces_are_quotations_without_marks():
    words = prose("speech", paragraphs=1, words=120).rstrip(".")
    for spoken in (
        f"{words} — Ana Silva (@anasilva) May 3, 2020",
        f"SILVA: {words}",
        f"The minister said:\n\n{words}",
    ):
        assert not is_reuse(f"{prose('a')}\n\n{spoken}\n\n{prose('b')}", f"{prose('c')}\n\n{spoken}\n\n{prose('d')}")


def test_an_agencys_words_in_quotation_marks_are_still_the_agencys():
    agency = prose("agency")
    paragraphs = [f"“{paragraph}”" for paragraph in agency.split("\n\n")[2:5]]
    assert is_reuse("\n\n".join([prose("a"), *paragraphs]), agency)


def side(outlet, *, agency=False, credits=(), partly=(), at=None, time=True, order=None):
    return Side(outlet, agency, frozenset(credits), frozenset(partly), at, time, outlet if order is None else order)


@pytest.mark.parametrize(
    ("a", "b", "found"),
    [
        # Who credits whom, whatever the clock says.
        (side(1, credits=[2], at=EARLIER), side(2, at=LATER), (True, "credit")),
        (side(1, at=EARLIER), side(2, partly=[1], at=EARLIER), (False, "credit")),
        # Both have it from a third: neither has it from the other.
        (side(1, credits=[3]), side(2, credits=[3]), None),
        # The words of a credited article are the agency's.
        (side(1, at=EARLIER), side(2, credits=[3], at=LATER), (True, "credit")),
        (side(1, at=EARLIER), side(2, at=LATER), (False, "time")),
        (side(1, at=LATER), side(2, at=EARLIER), (True, "time")),
        # On one day, when hours are not known, or at one time: the agency.
        (side(1, at=EARLIER, time=False), side(2, at=LATER, agency=True), (True, "agency")),
        (side(1, agency=True), side(2, at=LATER), (False, "agency")),
        (side(1), side(2), (False, "import order")),
    ],
)
def test_the_upstream_article_is_told_by_credit_then_time_then_agency(a, b, found):
    assert direction(a, b) == found
    if found is not None:
        assert direction(b, a) == (not found[0], found[1])


# The stored part


@pytest.fixture
def agency(db):
    return make_outlet("Agency", kind="agency")


def publish(text, **fields):
    """Store an article and search for copies as an import does."""
    article = make_article(text, published_has_time=True, **fields)
    reuse.find_copies(article.current_revision)
    return article


def edges():
    rows = Derivation.objects.filter(kind="copy").select_related("article", "upstream_article")
    return {(row.article.title, row.upstream_article.title) for row in rows}


def test_a_copy_is_stored_with_its_passages(agency):
    text = prose("agency")
    publish(text, outlet=agency, title="dispatch", published_at=EARLIER)
    copy = publish(f"By our staff.\n\n{text}", title="copy", published_at=LATER)

    derivation = Derivation.objects.get()
    assert (derivation.article, derivation.upstream_outlet, derivation.partial) == (copy, agency, False)
    assert derivation.score == 1.0
    assert derivation.method == f"{copies.METHOD}, direction by time"
    span = derivation.spans.get()
    assert copy.current_revision.text[span.start : span.end] == text.rstrip(".")
    assert span.upstream_revision.text[span.upstream_start : span.upstream_end] == text.rstrip(".")


def test_a_cut_copy_is_a_copy_and_three_paragraphs_are_partial_reuse(agency):
    text = prose("agency", paragraphs=12)
    paragraphs = text.split("\n\n")
    publish(text, outlet=agency, title="dispatch", published_at=EARLIER)
    publish("\n\n".join(paragraphs[:4]), title="cut", published_at=LATER)
    publish("\n\n".join([prose("a", paragraphs=20), *paragraphs[6:9]]), title="reuse", published_at=LATER)
    publish(prose("same event"), title="own report", published_at=LATER)

    assert set(Derivation.objects.values_list("article__title", "upstream_article__title", "partial")) == {
        ("cut", "dispatch", False),
        ("reuse", "dispatch", True),
    }


def test_an_article_that_comes_in_later_may_be_upstream(agency):
    text = prose("agency")
    publish(text, title="copy", published_at=LATER)
    publish(text, outlet=agency, title="dispatch", published_at=EARLIER)
    assert edges() == {("copy", "dispatch")}


def test_two_reprints_are_linked_to_the_dispatch_and_not_to_each_other(agency):
    text = prose("agency")
    publish(text, title="first reprint", published_at=EARLIER)
    publish(text, title="second reprint", published_at=LATER)
    assert edges() == {("second reprint", "first reprint")}

    publish(text, outlet=agency, title="dispatch", published_at=datetime(2019, 12, 31, tzinfo=UTC))

    assert edges() == {("first reprint", "dispatch"), ("second reprint", "dispatch")}


def test_two_articles_credited_to_one_agency_are_no_copies_of_each_other(agency):
    text = prose("agency")
    first = make_article(text, title="first")
    second = make_article(text, title="second")
    for article in (first, second):
        make_credit(article, agency)
        reuse.find_copies(article.current_revision)
    assert edges() == set()


def test_searching_again_changes_nothing(agency):
    text = prose("agency")
    articles = [publish(text, outlet=agency, published_at=EARLIER), publish(text, published_at=LATER)]
    before = [list(model.objects.order_by("pk").values()) for model in (Derivation, DerivationSpan, Fingerprint)]
    for article in articles:
        reuse.find_copies(article.current_revision)
    assert before == [
        list(model.objects.order_by("pk").values()) for model in (Derivation, DerivationSpan, Fingerprint)
    ]


def test_a_rejected_copy_stays_rejected_and_its_reverse_is_not_proposed(agency):
    text = prose("agency")
    dispatch, copy = publish(text, outlet=agency, published_at=EARLIER), publish(text, published_at=LATER)
    Derivation.objects.update(status="rejected", decided_by=make_user(), decided_at=LATER)
    make_credit(dispatch, copy.outlet)
    for article in (dispatch, copy):
        reuse.find_copies(article.current_revision)
    assert Derivation.objects.filter(kind="copy").values_list("status", flat=True).get() == "rejected"


def test_a_credit_line_found_later_turns_the_edge_round(agency):
    text = prose("agency")
    publish(text, outlet=agency, title="dispatch", published_at=LATER)
    early = publish(text, title="early", published_at=EARLIER)
    assert edges() == {("dispatch", "early")}

    revision = revise(early, f"{text}\n\n(Agency)")
    make_credit(early, agency)
    reuse.find_copies(revision)

    assert edges() == {("early", "dispatch")}


def test_an_outlets_own_articles_are_no_copies_of_each_other(agency):
    text = prose("agency")
    publish(text, outlet=agency)
    publish(text, outlet=agency)
    assert edges() == set()


def test_lines_that_an_outlet_prints_below_everything_make_no_copies_and_do_not_fill_the_index(agency):
    line = prose("subscribe", paragraphs=1, words=80)
    for number in range(reuse.BOILERPLATE + 3):
        publish(f"{prose(f'article {number}')}\n\n{line}", outlet=agency)
    publish(f"{prose('elsewhere')}\n\n{line}")

    assert edges() == set()
    inside = set(winnow(read_words(line)).hashes)
    holding = [row for row in Fingerprint.objects.filter(article__outlet=agency) if len(inside & set(row.hashes)) > 5]
    assert len(holding) == reuse.BOILERPLATE


def test_only_the_current_text_is_compared(agency):
    text = prose("agency")
    dispatch = publish(text, outlet=agency)
    reuse.find_copies(revise(dispatch, prose("another text")))
    publish(text)
    assert edges() == set()


def test_an_unrelated_article_costs_one_search(agency, django_assert_max_num_queries):
    for number in range(20):
        publish(prose(f"article {number}"))
    article = make_article(prose("one more"))
    # Savepoint and its release, lock, search, update and insert of the fingerprints.
    with django_assert_max_num_queries(8):
        reuse.find_copies(article.current_revision)


def test_a_claim_that_a_copy_repeats_is_not_corroborated(agency):
    quote = "The dam at Hill Town is entirely safe and sound."
    text = f"{prose('agency')}\n\nAna Silva said: {quote}"
    claim = make_claim(quote)
    make_report(claim, article=publish(text, outlet=agency, published_at=EARLIER))
    make_report(claim, article=publish(text, published_at=LATER))
    assert Corroboration.objects.get(claim=claim, basis="counted").level == "repeated"


def test_claims_are_counted_anew_when_a_later_import_shows_that_they_were_copied(agency, monkeypatch):
    quote = "The dam at Hill Town is entirely safe and sound."
    text = f"{prose('agency')}\n\nAna Silva said: {quote}"
    claim = make_claim(quote)
    copy = make_article(text, published_at=LATER)
    dispatch = make_article(text, outlet=agency, published_at=EARLIER)
    make_report(claim, article=copy)
    make_report(claim, article=dispatch)
    assert Corroboration.objects.get(claim=claim, basis="counted").level == "corroborated"
    summaries.refresh_outdated()
    assert not summaries.has_outdated()

    for article in (copy, dispatch):
        reuse.find_copies(article.current_revision)
    monkeypatch.setattr(tasks.refresh_outdated, "delay", tasks.refresh_outdated)
    assert tasks.sweep() >= 1

    assert Corroboration.objects.get(claim=claim, basis="counted").level == "repeated"
    Corroboration.objects.update(computed_at=datetime(2100, 1, 1, tzinfo=UTC))
    assert not summaries.has_outdated()


def test_the_pages_of_both_articles_show_the_copy_and_its_passages(agency, client):
    text = prose("agency")
    paragraphs = text.split("\n\n")
    dispatch = publish(text, outlet=agency, title="The dispatch", published_at=EARLIER)
    own = prose("own", paragraphs=20)
    copy = publish("\n\n".join([own, *paragraphs[2:5]]), title="The copy", published_at=LATER)

    page = client.get(copy.get_absolute_url()).content.decode()
    span = DerivationSpan.objects.get()
    assert "partly from" in page
    assert dispatch.get_absolute_url() in page
    assert "120 words in 1 passage are the same" in page
    assert f'href="#e-{span.start}-{span.end}"' in page
    assert f'<mark class="evidence" id="e-{span.start}-{span.end}">' in page

    page = client.get(dispatch.get_absolute_url()).content.decode()
    assert "Copied in part by" in page
    assert copy.get_absolute_url() in page


def test_an_import_finds_copies_and_credits_from_the_record(db):
    text = prose("agency")
    documents = [
        Document("dispatch", text.encode(), "text/plain", {"outlet": "Agency", "published_at": "2020-01-02"}),
        Document("copy", f"{text} ".encode(), "text/plain", {"outlet": "Gazette", "published_at": "2020-01-03"}),
        Document("credited", b"The dam broke.", "text/plain", {"outlet": "Gazette", "sourceOrganization": "AFP"}),
    ]
    request_import("test", documents=documents)
    assert import_next(most=len(documents)) == len(documents)

    assert set(Derivation.objects.values_list("kind", "article__outlet__name", "upstream_outlet__name", "partial")) == {
        ("copy", "Gazette", "Agency", False),
        ("credit", "Gazette", "Agence France-Presse", False),
    }
