"""Pages of claims, and of outlets and articles where they show claims."""

import re
import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from claims.models import Attribution, Claim, Corroboration
from claims.services.summaries import refresh_corroboration
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_statement,
    make_topic,
    make_user,
    revise,
)

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    """Return a page's words without its elements, spaces evened out."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", response.content.decode()))


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def listed(response) -> list[str]:
    return [claim.text for claim in response.context["page"]]


# The list


def test_the_first_page_lists_claims(client):
    claim = make_claim("Rain will fall.", speaker=make_speaker("Ana Ruiz"), topics=(make_topic("Weather"),))
    make_report(claim, outlet=make_outlet("Gazette"))

    response = client.get("/")
    words = text_of(response)

    assert "Rain will fall." in words
    assert "Ana Ruiz" in words
    assert "1 outlet, 1 origin" in words
    assert "Gazette" in words
    assert "Weather" in words
    assert "1 January 2020" in words
    assert claim.get_absolute_url() in response.content.decode()


def test_the_list_takes_as_many_queries_for_twenty_claims_as_for_one(client):
    def add():
        claim = make_claim(topics=(make_topic(),))
        make_report(claim, credit=make_outlet())
        make_report(claim)

    add()
    one = queries_of(client, "/claims/?order=newest")
    for _ in range(19):
        add()

    assert len(client.get("/claims/").context["page"]) == 20
    assert queries_of(client, "/claims/?order=newest") == one


def test_a_claim_without_a_counted_report_is_not_listed(client):
    make_claim("Nobody reports this.")
    make_report(make_claim("Only rejected."), status="rejected")
    make_report(make_claim("Reported."))

    assert listed(client.get("/claims/")) == ["Reported."]


def test_levels_filter_and_are_counted(client):
    make_report(make_claim("Alone."))
    both = make_claim("By both.")
    make_report(both)
    make_report(both)

    response = client.get("/claims/?level=corroborated")

    assert listed(response) == ["By both."]
    assert {level["value"]: level["count"] for level in response.context["levels"]} == {
        "corroborated": 1,
        "repeated": 0,
        "single": 1,
    }


def test_claims_are_found_by_word_speaker_topic_and_outlet(client):
    ana, gazette, weather = make_speaker("Ana Ruiz"), make_outlet("Gazette"), make_topic("Weather")
    make_report(make_claim("Rain will fall.", speaker=ana, topics=(weather,)), outlet=gazette)
    make_report(make_claim("Taxes will rise."))

    for query in ("q=rain", "q=Ana+Ruiz", f"speaker={ana.uid}", "outlet=gazette", "topic=weather"):
        assert listed(client.get(f"/claims/?{query}")) == ["Rain will fall."], query
    assert listed(client.get("/claims/?q=snow")) == []


def test_disputed_claims_can_be_picked(client):
    make_report(make_claim("Agreed."))
    disputed = make_claim("Contested.")
    make_report(disputed)
    make_report(disputed, quote="It is not so.", stance="denies")

    response = client.get("/claims/?disputed=1")

    assert listed(response) == ["Contested."]
    assert "Disputed" in text_of(response)


def test_one_switch_counts_confirmed_reports_only(client):
    claim = make_claim("Half confirmed.")
    make_report(claim, status="confirmed")
    make_report(claim)
    make_report(make_claim("Proposed."))

    response = client.get("/claims/?confirmed=1")

    assert listed(response) == ["Half confirmed."]
    assert "1 outlet, 1 origin" in text_of(response)


def test_orders(client):
    old = make_claim("Old and shared.")
    for _ in range(2):
        make_report(old, article=make_article("He said Old and shared.", published_at=datetime(2019, 1, 1, tzinfo=UTC)))
    make_report(make_claim("New and alone."))
    make_report(make_claim("Without a date."), article=make_article("He said Without a date.", published_at=None))

    assert listed(client.get("/claims/"))[0] == "Old and shared."
    newest = ["New and alone.", "Old and shared.", "Without a date."]
    assert listed(client.get("/claims/?order=newest")) == newest


def test_pages_do_not_overlap(client):
    for _ in range(25):
        make_report(make_claim())
    first, second = listed(client.get("/claims/?page=1")), listed(client.get("/claims/?page=2"))

    assert (len(first), len(second)) == (20, 5)
    assert not set(first) & set(second)
    assert listed(client.get("/claims/?page=nonsense")) == first


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("level=certain", "There is no level “certain”"),
        ("topic=nope", "There is no topic of this name or id: “nope”"),
        ("speaker=17", "There is no speaker of this name or id: “17”"),
        (f"speaker={uuid.UUID(int=1)}", "There is no speaker"),
        ("outlet=nope", "There is no outlet"),
        ("outlet=a%00b", "There is no outlet"),
        ("order=random", "There is no order “random”"),
        ("confirmed=maybe", "This switch is 1 (on) or 0 (off), not “maybe”"),
        ("q=a%00b", "Null characters are not allowed"),
    ],
)
def test_an_unknown_filter_value_is_named(client, query, message):
    response = client.get(f"/claims/?{query}")

    assert response.status_code == 400
    assert message in text_of(response)


def test_an_empty_result_says_what_to_do_next(client):
    assert "Nothing has been imported yet" in text_of(client.get("/claims/"))
    assert "Try fewer or other words" in text_of(client.get("/claims/?q=snow"))


def test_what_was_typed_is_shown_not_run(client):
    page = client.get("/claims/", {"q": '"><script>alert(1)</script>'}).content.decode()

    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_a_topic_leads_to_its_claims(client):
    make_topic("Weather")

    assert client.get("/topics/weather/").url == "/claims/?topic=weather"
    assert client.get("/topics/none/").status_code == 404


# The claim page


def test_a_claim_shows_its_level_and_the_origin_that_explains_it(client):
    agency, relay = make_outlet("Agency"), make_outlet("Relay")
    claim = make_claim("Rain will fall.", speaker=make_speaker("Ana Ruiz"))
    make_report(claim, outlet=make_outlet("Gazette"), credit=agency, partial=True)
    make_report(claim, outlet=make_outlet("Review"), relays=(agency, relay))

    response = client.get(claim.get_absolute_url())
    words = text_of(response)

    assert "Repeated" in words
    assert "Gazette and Review report this, but all of it could trace back to Agency: one origin." in words
    first, *others = response.context["origins"]
    assert (first.name, first.chosen, first.explained) == ("Agency", True, 2)
    assert {(origin.name, origin.chosen) for origin in others} == {("Gazette", False), ("Relay", False)}
    assert "Review ← from Agency or Relay ← from Ana Ruiz" in words


def test_every_possible_origin_links_to_the_words_that_say_so(client):
    agency = make_outlet("Agency")
    claim = make_claim("Rain will fall.")
    article = make_article("He said: Rain will fall. (With inputs from Agency)")
    make_credit(article, agency, partial=True, start=25, end=50)
    make_report(claim, article=article)

    page = client.get(claim.get_absolute_url()).content.decode()
    target = f"{article.get_absolute_url()}#e-25-50"

    assert f'href="{target}"' in page
    assert "“(With inputs from Agency)”" in page
    assert 'id="e-25-50"' in client.get(article.get_absolute_url()).content.decode()


def test_an_article_made_of_another_outlets_text_is_shown_as_a_chain(client):
    claim = make_claim(speaker=make_speaker("Ana Ruiz"))
    make_report(claim, outlet=make_outlet("Gazette"), credit=make_outlet("Agency"))

    assert "Gazette ← from Agency ← from Ana Ruiz" in text_of(client.get(claim.get_absolute_url()))


def test_wordings_are_compared_word_by_word(client):
    claim = make_claim("We shall withdraw 12 battalions from the border by May.")
    make_report(claim, quote="We shall withdraw 12 battalions from the border by May.")
    make_report(claim, quote="We shall withdraw 14 battalions from the border.")

    page = client.get(claim.get_absolute_url()).content.decode()

    assert re.search(r'<ins><span class="unseen">\[added: </span>14', page)
    assert re.search(r'<del><span class="unseen">\[missing: </span>12', page)
    assert "⚑ numbers differ" in page


def test_switches_count_confirmed_reports_and_owners(client):
    owner = make_outlet("Holding")
    claim = make_claim()
    make_report(claim, outlet=make_outlet("Gazette", owner=owner), status="confirmed")
    make_report(claim, outlet=make_outlet("Review", owner=owner))
    address = claim.get_absolute_url()

    assert client.get(address).context["reports"].finding.level == "corroborated"
    confirmed = client.get(f"{address}?confirmed=1")
    assert confirmed.context["reports"].finding.level == "single"
    assert "1 proposed report not counted here" in text_of(confirmed)
    by_owner = client.get(f"{address}?by=owner")
    assert by_owner.context["reports"].finding.level == "single"
    assert [(origin.name, origin.explained) for origin in by_owner.context["origins"]] == [("Holding", 2)]
    assert "Gazette, of the same owner," in text_of(by_owner)


def test_an_unknown_switch_is_named(client):
    response = client.get(f"{make_claim().get_absolute_url()}?by=moon")

    assert response.status_code == 400
    assert "not by “moon”" in text_of(response)


def test_denials_stand_apart(client):
    claim = make_claim("Rain will fall.")
    make_report(claim, outlet=make_outlet("Gazette"))
    make_report(claim, outlet=make_outlet("Review"), quote="No rain will fall.", stance="denies")

    response = client.get(claim.get_absolute_url())

    assert [group.outlet.name for group in response.context["report_groups"]] == ["Gazette"]
    assert [group.outlet.name for group in response.context["denials"]] == ["Review"]
    assert "1 report denies it" in text_of(response)


def test_the_articles_on_the_same_story_that_lack_the_claim_are_named(client):
    speaker = make_speaker()
    shared, claim = make_claim("Rain will fall.", speaker=speaker), make_claim("Snow too.", speaker=speaker)
    both = make_article("He said: Rain will fall. Snow too.")
    lacking = make_article("He said: Rain will fall.", title="Nothing on snow")
    make_report(shared, article=both)
    make_report(shared, article=lacking)
    make_report(claim, article=both)

    words = text_of(client.get(claim.get_absolute_url()))

    assert "Not found in 1 of 2 articles on the same story" in words
    assert "Nothing on snow" in words


def test_the_history_names_who_decided_what(client):
    editor = make_user("Ed", editor=True)
    attribution = make_report(make_claim())
    client.force_login(editor)
    client.post(reverse("attribution_confirm", args=[attribution.uid]))

    history = client.get(attribution.claim.get_absolute_url()).context["history"]

    assert [(decision.who, decision.what) for decision in history] == [
        ("test", "proposed: affirms the claim (score 1.00)"),
        ("Ed", "confirmed"),
    ]


def test_the_claim_page_takes_as_many_queries_for_twenty_reports_as_for_one(client):
    claim = make_claim()
    make_report(claim, credit=make_outlet(), relays=(make_outlet(),))
    one = queries_of(client, claim.get_absolute_url())
    for _ in range(19):
        make_report(claim, credit=make_outlet(), relays=(make_outlet(),))

    assert queries_of(client, claim.get_absolute_url()) == one


def test_a_merged_claim_leads_to_the_one_it_was_merged_into(client):
    target = make_claim()
    between = make_claim(merged_into=target)
    merged = make_claim(merged_into=between)

    response = client.get(f"{merged.get_absolute_url()}?confirmed=1")

    assert response.status_code == 301
    # The merge may be undone.
    assert response["Cache-Control"] == "no-cache"
    assert response.url == f"{target.get_absolute_url()}?confirmed=1"


def test_a_claim_whose_reports_were_all_rejected_is_still_readable(client):
    attribution = make_report(make_claim(), status="rejected")

    words = text_of(client.get(attribution.claim.get_absolute_url()))

    assert "No report of this claim counts at present." in words
    assert "Rejected by editors" in words


def test_html_in_imported_text_is_shown_not_run(client):
    bad = "<script>alert(1)</script>"
    claim = make_claim(f"Rain {bad}", speaker=make_speaker(f"Ana {bad}"), topics=(make_topic(f"Topic {bad}"),))
    attribution = make_report(claim, outlet=make_outlet(f"Gazette {bad}"), credit=make_outlet(f"Agency {bad}"))
    article = attribution.statement.revision.article
    make_report(claim, quote="Snow <img src=x onerror=alert(1)>")

    for address in (
        "/",
        claim.get_absolute_url(),
        article.get_absolute_url(),
        article.outlet.get_absolute_url(),
        "/outlets/",
        "/articles/",
    ):
        page = client.get(address).content.decode()
        assert "<script" not in page, address
        assert "<img" not in page, address
        assert "&lt;script&gt;" in page, address


@pytest.mark.parametrize("kind", ["claims", "statements", "articles", "snapshots", "imports"])
def test_an_unknown_id_is_not_found(client, kind):
    response = client.get(f"/{kind}/{uuid.UUID(int=1)}/")

    assert response.status_code == 404
    assert "There is no such page" in text_of(response)


def test_pages_may_be_only_read(client):
    assert client.post("/claims/").status_code == 405
    assert client.post(make_claim().get_absolute_url()).status_code == 405


# Articles


def test_statements_are_marked_and_lead_to_their_claims(client):
    claim = make_claim("Rain will fall.")
    attribution = make_report(claim)
    article = attribution.statement.revision.article

    page = client.get(article.get_absolute_url()).content.decode()

    assert f'<mark class="statement" id="s-{attribution.statement.uid}">Rain will fall.</mark>' in page
    assert f'href="{claim.get_absolute_url()}#r-{attribution.uid}"' in page
    assert "Single" in page


def test_crossing_statements_can_all_be_reached(client):
    article = make_article("He said alpha beta gamma delta.")
    first = make_statement("alpha beta gamma", article=article)
    second = make_statement("beta gamma delta", article=article)
    inner = make_statement("gamma", article=article)

    page = client.get(article.get_absolute_url()).content.decode()

    for statement in (first, second, inner):
        assert page.count(f'id="s-{statement.uid}"') == 1
        assert f'href="#n-{statement.uid}"' in page


def test_a_statement_leads_to_its_place_in_the_article(client):
    statement = make_statement()
    response = client.get(statement.get_absolute_url())

    assert response.status_code == 302
    assert response.url.endswith(f"?statement={statement.uid}#s-{statement.uid}")
    assert f'class="statement chosen" id="s-{statement.uid}"' in client.get(response.url).content.decode()


def test_a_statement_of_an_older_text_leads_to_that_text(client):
    statement = make_statement("Rain will fall.")
    article = statement.revision.article
    revise(article, "A new text.")

    page = client.get(client.get(statement.get_absolute_url()).url).content.decode()

    assert "This is revision 1 of the text, not the current one." in page
    assert f'id="s-{statement.uid}"' in page
    assert "A new text." in text_of(client.get(article.get_absolute_url()))
    assert client.get(f"{article.get_absolute_url()}?revision=9").status_code == 404


def test_a_rejected_attribution_is_not_shown_at_the_article(client):
    attribution = make_report(make_claim("Rain will fall."), status="rejected")
    article = attribution.statement.revision.article

    assert "Carries no claim yet." in text_of(client.get(article.get_absolute_url()))


def test_the_article_page_takes_as_many_queries_for_twenty_statements_as_for_one(client):
    claims = [make_claim() for _ in range(20)]
    one = make_report(claims[0])
    article = make_article(" ".join(claim.text for claim in claims))
    for claim in claims:
        make_report(claim, article=article)

    assert queries_of(client, article.get_absolute_url()) == queries_of(
        client, one.statement.revision.article.get_absolute_url()
    )


def test_articles_are_listed_and_found(client):
    make_article("Rain is falling.", title="Weather")
    make_article("Taxes are rising.", title="Money")

    assert [a.title for a in client.get("/articles/?q=falling").context["page"]] == ["Weather"]
    assert "No article found" in text_of(client.get("/articles/?q=%00snow"))


def test_the_list_of_articles_takes_as_many_queries_for_twenty_as_for_one(client):
    make_statement()
    one = queries_of(client, "/articles/")
    for _ in range(19):
        make_statement()

    assert queries_of(client, "/articles/") == one


# Outlets


def test_an_outlet_counts_its_claims(client):
    gazette, review, agency = make_outlet("Gazette"), make_outlet("Review"), make_outlet("Agency")
    shared = make_claim()
    make_report(shared, outlet=gazette, credit=agency)
    make_report(shared, outlet=review, credit=agency)
    make_report(make_claim(), outlet=gazette)

    rows = {outlet.name: outlet for outlet in client.get("/outlets/").context["page"]}

    assert (rows["Gazette"].article_count, rows["Gazette"].claim_count, rows["Gazette"].alone_count) == (2, 2, 1)
    assert (rows["Agency"].article_count, rows["Agency"].claim_count, rows["Agency"].origin_count) == (0, 0, 1)
    words = text_of(client.get("/outlets/agency/"))
    assert "Known as a source only" in words
    assert "Gazette: credits, copies or cites it in 1 article" in words


def test_the_list_of_outlets_takes_as_many_queries_for_twenty_as_for_one(client):
    owner = make_outlet(owner_name="A ministry")
    one = queries_of(client, "/outlets/")
    for _ in range(19):
        make_report(make_claim(), outlet=make_outlet(owner=owner))

    assert queries_of(client, "/outlets/") == one


def test_outlets_are_found_by_alias(client):
    make_outlet("Xinhua", aliases=("新华社",))
    make_outlet("Other")

    assert [outlet.name for outlet in client.get("/outlets/?q=新华").context["page"]] == ["Xinhua"]
    assert client.get("/outlets/none/").status_code == 404


# Editors


@pytest.fixture
def report() -> Attribution:
    return make_report(make_claim("Rain will fall."), outlet=make_outlet("Gazette"))


ACTIONS = ["attribution_confirm", "attribution_reject", "attribution_correct"]


@pytest.mark.parametrize("action", ACTIONS)
def test_a_stranger_is_asked_to_sign_in(client, report, action):
    response = client.post(reverse(action, args=[report.uid]))

    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/?next=")
    report.refresh_from_db()
    assert report.status == "proposed"


@pytest.mark.parametrize("action", ACTIONS)
def test_a_user_without_the_permission_may_not_decide(client, report, action):
    client.force_login(make_user())
    response = client.post(reverse(action, args=[report.uid]), {"change": "new"})

    assert response.status_code == 403
    assert "This needs an editor’s permission" in text_of(response)
    report.refresh_from_db()
    assert report.status == "proposed"


@pytest.mark.parametrize("action", ACTIONS)
def test_an_unknown_attribution_cannot_be_decided(client, action):
    client.force_login(make_user(editor=True))

    assert client.post(reverse(action, args=[uuid.UUID(int=1)])).status_code == 404


def test_only_editors_see_the_buttons(client, report):
    address = reverse("attribution_confirm", args=[report.uid])

    assert address not in client.get(report.claim.get_absolute_url()).content.decode()
    client.force_login(make_user(editor=True))
    assert address in client.get(report.claim.get_absolute_url()).content.decode()


def test_a_form_from_elsewhere_is_refused(report):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(editor=True))
    response = client.post(reverse("attribution_confirm", args=[report.uid]))

    assert response.status_code == 403
    assert "The form has expired" in text_of(response)


def test_an_editor_confirms(client, report):
    client.force_login(editor := make_user(editor=True))
    response = client.post(reverse("attribution_confirm", args=[report.uid]), follow=True)

    report.refresh_from_db()
    assert (report.status, report.decided_by) == ("confirmed", editor)
    assert response.redirect_chain == [(f"{report.claim.get_absolute_url()}#r-{report.uid}", 302)]
    assert "Confirmed: the statement carries this claim." in text_of(response)


def test_an_editor_rejects_and_the_level_follows(client, report):
    make_report(report.claim)
    client.force_login(make_user(editor=True))
    response = client.post(reverse("attribution_reject", args=[report.uid]), follow=True)

    report.refresh_from_db()
    assert report.status == "rejected"
    assert response.context["reports"].finding.level == "single"
    assert Corroboration.objects.get(claim=report.claim, basis="counted").level == "single"


def test_an_editor_moves_a_statement_to_another_claim(client, report):
    other = make_claim("It will rain.", speaker=report.claim.speaker)
    client.force_login(make_user(editor=True))
    address = reverse("attribution_correct", args=[report.uid])
    assert "It will rain." in text_of(client.get(address))

    response = client.post(address, {"change": "move", "claim": str(other.uid)}, follow=True)

    assert other.attributions.get().status == "confirmed"
    assert "Corrected: the statement is at “It will rain.”" in text_of(response)


def test_an_editor_gives_a_statement_a_claim_of_its_own(client, report):
    make_report(report.claim)
    client.force_login(make_user(editor=True))
    client.post(reverse("attribution_correct", args=[report.uid]), {"change": "new"})

    new = Claim.objects.exclude(pk=report.claim_id).get()
    assert new.attributions.get().statement == report.statement


def test_an_editor_corrects_the_stance(client, report):
    client.force_login(make_user(editor=True))
    address = reverse("attribution_correct", args=[report.uid])
    client.post(address, {"change": "stance", "stance": "denies"})

    report.refresh_from_db()
    assert (report.stance, report.status) == ("denies", "confirmed")


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Choose what to correct."),
        ({"change": "burn"}, "Choose what to correct."),
        ({"change": "move"}, "Choose the claim that the statement carries."),
        ({"change": "move", "claim": "x"}, "There is no claim of this name or id: “x”."),
        ({"change": "move", "claim": str(uuid.UUID(int=1))}, "There is no claim"),
        ({"change": "stance"}, "Choose whether the statement affirms or denies the claim."),
        ({"change": "stance", "stance": "maybe"}, "Select a valid choice."),
    ],
)
def test_an_incomplete_correction_is_explained(client, report, sent, message):
    client.force_login(make_user(editor=True))
    response = client.post(reverse("attribution_correct", args=[report.uid]), sent)

    assert response.status_code == 400
    assert message in text_of(response)
    report.refresh_from_db()
    assert report.status == "proposed"


def test_a_decision_on_a_merged_claim_is_refused_with_a_reason(client, report):
    report.claim.merged_into = make_claim()
    report.claim.save()
    client.force_login(make_user(editor=True))
    response = client.post(reverse("attribution_confirm", args=[report.uid]))

    assert response.status_code == 409
    assert "merged" in text_of(response)


def test_the_likest_claims_of_the_speaker_are_offered_first(client, report):
    for text in ("Taxes may change.", "Some rain will fall.", "Roads are built."):
        make_claim(text, speaker=report.claim.speaker)
    client.force_login(make_user(editor=True))
    response = client.get(reverse("attribution_correct", args=[report.uid]))

    offered = [claim.text for claim in response.context["candidates"]]
    assert offered[0] == "Some rain will fall."
    assert report.claim.text not in offered


def test_candidates_are_searched(client, report):
    make_claim("Snow will fall in June.")
    client.force_login(make_user(editor=True))
    address = reverse("attribution_correct", args=[report.uid])

    assert "Snow will fall in June." in text_of(client.get(f"{address}?q=snow"))
    assert "No other claim was found for “hail”" in text_of(client.get(f"{address}?q=hail"))


# The whole site


def test_no_page_runs_or_styles_inline_or_asks_another_host(client, report):
    client.force_login(make_user(editor=True))
    refresh_corroboration([report.claim_id])
    for address in (
        "/",
        report.claim.get_absolute_url(),
        report.statement.revision.article.get_absolute_url(),
        "/outlets/",
        "/imports/",
        "/accounts/login/",
        reverse("attribution_correct", args=[report.uid]),
        "/nothing-here/",
    ):
        page = client.get(address).content.decode()
        assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page), address
        assert not re.search(r'(?:src|<link[^>]+href)="(?:https?:)?//', page), address


def test_every_page_has_a_title_a_language_and_a_way_past_the_header(client, report):
    titles = set()
    for address in ("/", report.claim.get_absolute_url(), "/articles/", "/outlets/", "/imports/"):
        page = client.get(address).content.decode()
        assert '<html lang="en">' in page
        assert '<a class="skip" href="#main">' in page
        assert len(re.findall(r"<h1[ >]", page)) == 1, address
        titles.update(re.findall(r"<title>(.+?)</title>", page))
    assert len(titles) == 5
