"""Every page of the site by the name of its address, with a small world of rows to show on it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from accounts import services
from accounts.models import Invitation
from accounts.roles import Role
from claims.models import Attribution, Claim, Flag
from claims.services.flags import raise_flag
from claims.services.summaries import refresh_corroboration
from notices.models import Webhook
from sources.models import Article, Feed, ImportRun, Outlet
from tests.accounts.conftest import make_person
from tests.factories import (
    make_article,
    make_claim,
    make_credit,
    make_outlet,
    make_report,
    make_speaker,
    make_topic,
    revise,
)

SENTENCE = "The river will be dredged before the winter."
OTHER_SENTENCE = "Ships will wait for a month."


@dataclass(frozen=True)
class World:
    """Rows of each kind, so that no page is empty."""

    claim: Claim
    report: Attribution
    article: Article
    other_article: Article
    outlet: Outlet
    other_outlet: Outlet
    run: ImportRun
    feed: Feed
    invitation: Invitation
    person: User
    flag: Flag
    webhook: Webhook


def make_world() -> World:
    agency, gazette, review = make_outlet("Agency"), make_outlet("Gazette"), make_outlet("Review")
    topic, speaker = make_topic("Rivers"), make_speaker("Ana Ruiz")
    claim = make_claim(SENTENCE, speaker=speaker, topics=(topic,))
    credit = "(With inputs from Agency)"
    text = f"The town council met.\n\nMs Ruiz said: {SENTENCE} {OTHER_SENTENCE}\n\n{credit}"
    article = make_article(text, outlet=gazette, title="Dredging ahead")
    start = text.index(credit)
    make_credit(article, agency, partial=True, start=start, end=start + len(credit))
    report = make_report(claim, article=article)
    second = make_report(claim, outlet=review, quote="The river will not be dredged before winter.")
    make_report(claim, outlet=agency)
    make_report(make_claim(OTHER_SENTENCE, speaker=speaker, topics=(topic,)), article=article)
    refresh_corroboration(Claim.objects.values_list("pk", flat=True))
    changed = make_article("It was said on Monday.", outlet=review, title="It was said")
    revise(changed, "It was said on Tuesday.")
    run = ImportRun.objects.create(label="desk")
    person = make_person("ada", role=Role.ADMINISTRATOR)
    return World(
        claim=claim,
        report=report,
        article=article,
        other_article=second.statement.revision.article,
        outlet=gazette,
        other_outlet=review,
        run=run,
        feed=Feed.objects.create(url="https://news.example/feed", title="News"),
        invitation=services.invite("nora@example.org", role=Role.EDITOR, by=person),
        person=person,
        flag=raise_flag(claim, text="The second half of this was never said."),
        webhook=Webhook.objects.create(
            owner=person,
            url="https://desk.example/hook",
            description="The desk",
            events=["claim.disputed"],
            salt="made",
        ),
    )


Address = Callable[[World], str]


def plain(name: str) -> Address:
    return lambda world: reverse(name)


def of(name: str, *path: str) -> Address:
    """Return the address of a page whose argument is found by a path of attributes, as `of("x", "claim", "uid")`."""

    def address(world: World) -> str:
        value: object = world
        for part in path:
            value = getattr(value, part)
        return reverse(name, args=[value])

    return address


#: What a reader sees who is not signed in. A new page is one line here, or in SIGNED_IN.
OPEN: dict[str, Address] = {
    "home": plain("home"),
    "claim_list": lambda world: f"{reverse('claim_list')}?q=river",
    "claim_detail": of("claim_detail", "claim", "uid"),
    "topic_list": plain("topic_list"),
    "topic_detail": lambda world: reverse("topic_detail", args=["rivers"]),
    "speaker_list": plain("speaker_list"),
    "speaker_detail": of("speaker_detail", "claim", "speaker", "uid"),
    "overview": plain("overview"),
    "article_list": plain("article_list"),
    "article_detail": of("article_detail", "article", "uid"),
    "revision_list": of("revision_list", "article", "uid"),
    "revision_changes": of("revision_changes", "article", "uid"),
    "article_compare": lambda world: (
        f"{reverse('article_compare')}?article={world.article.uid}&article={world.other_article.uid}"
    ),
    "outlet_list": plain("outlet_list"),
    "outlet_detail": of("outlet_detail", "outlet", "slug"),
    "outlet_shared": lambda world: reverse("outlet_shared", args=[world.outlet.slug, world.other_outlet.slug]),
    "flag_create": lambda world: reverse("flag_create", args=["claim", world.claim.uid]),
    "flag_detail": of("flag_detail", "flag", "uid"),
    "precision": plain("precision"),
    "object_history": lambda world: reverse("object_history", args=["claim", world.claim.uid]),
    "import_list": plain("import_list"),
    "import_detail": of("import_detail", "run", "uid"),
    "feed_list": plain("feed_list"),
    "look_list": plain("look_list"),
    "account_login": plain("account_login"),
    "account_signup": plain("account_signup"),
    "account_inactive": plain("account_inactive"),
    "account_reset_password": plain("account_reset_password"),
    "account_reset_password_done": plain("account_reset_password_done"),
    "account_reset_password_from_key_done": plain("account_reset_password_from_key_done"),
    "account_reset_password_from_key": lambda world: reverse("account_reset_password_from_key", args=["1", "x-x"]),
    "account_confirm_email": lambda world: reverse("account_confirm_email", args=["x"]),
    "account_email_verification_sent": plain("account_email_verification_sent"),
    "invitation_accept": lambda world: reverse("invitation_accept", args=[services.token_of(world.invitation)]),
}

#: What only those who work here see; an administrator sees all of it.
SIGNED_IN: dict[str, Address] = {
    "review": plain("review"),
    "change_list": plain("change_list"),
    "flag_list": plain("flag_list"),
    "agreement": plain("agreement"),
    "second_reading": plain("second_reading"),
    "conflict_list": plain("conflict_list"),
    "orphan_list": plain("orphan_list"),
    "claim_edit": of("claim_edit", "claim", "uid"),
    "claim_merge": of("claim_merge", "claim", "uid"),
    "claim_split": of("claim_split", "claim", "uid"),
    "article_annotate": lambda world: f"{reverse('article_annotate', args=[world.article.uid])}?quote=The+town+council",
    "statement_edit": of("statement_edit", "report", "statement", "uid"),
    "speaker_edit": of("speaker_edit", "claim", "speaker", "uid"),
    "speaker_merge": of("speaker_merge", "claim", "speaker", "uid"),
    "outlet_edit": of("outlet_edit", "outlet", "slug"),
    "outlet_merge": of("outlet_merge", "outlet", "slug"),
    "attribution_correct": of("attribution_correct", "report", "uid"),
    "webhook_list": plain("webhook_list"),
    "webhook_detail": of("webhook_detail", "webhook", "uid"),
    "token_list": plain("token_list"),
    "token_create": plain("token_create"),
    "token_list_all": plain("token_list_all"),
    "import_create": plain("import_create"),
    "account_home": plain("account_home"),
    "account_email": plain("account_email"),
    "account_change_password": plain("account_change_password"),
    "account_logout": plain("account_logout"),
    "mfa_index": plain("mfa_index"),
    "usersessions_list": plain("usersessions_list"),
    "people": plain("people"),
    "operations": plain("operations"),
    "person_detail": of("person_detail", "person", "pk"),
}

#: Addresses that show no page of their own, and why.
NO_PAGE: dict[str, str] = {
    **dict.fromkeys(
        """claim_unmerge claim_link link_undo conflict_settle attribution_confirm attribution_reject attribution_unsure
        attribution_undo import_cancel import_retry import_looked feed_pause feed_resume feed_poll person_role
        person_close person_open person_one_step invitation_revoke review_decide review_undo change_revert flag_settle
        note_write note_withdraw agreement_adjudicate
        token_revoke webhook_replay webhook_act delivery_replay speaker_unmerge outlet_unmerge derivation_decide
        second_judge reading_retry""".split(),
        "changes something and leads back",
    ),
    **dict.fromkeys(["mfa_download_recovery_codes"], "is a file"),
    "statement_detail": "leads to the article",
    "statement_withdraw": "changes something and leads back",
    "statement_restore": "changes something and leads back",
    "annotate_speakers": "is a part of a panel",
    "annotate_claims": "is a part of a panel",
    **dict.fromkeys(
        """account_set_password account_confirm_login_code account_reauthenticate mfa_authenticate mfa_reauthenticate
        mfa_activate_totp mfa_deactivate_totp mfa_view_recovery_codes mfa_generate_recovery_codes""".split(),
        "is a step of signing in or of guarding an account, with one form like those above",
    ),
}


def page_names() -> set[str]:
    """Return the names of all addresses that are there in each language, which are those of pages."""

    def names(patterns: list, pages: bool = False) -> Iterator[str]:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from names(pattern.url_patterns, pages or "LocalePrefix" in type(pattern.pattern).__name__)
            elif isinstance(pattern, URLPattern) and pages:
                yield pattern.name or str(pattern.pattern)

    return set(names(get_resolver().url_patterns))
