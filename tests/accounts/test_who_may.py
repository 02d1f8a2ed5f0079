"""Who gets what from every address that writes, and from every page that is not for all: one table.

The addresses are those of the site's own resolver: one that is added without a row here is named, with what it answers.
What they name does not exist: whoever is let in gets 404, 400 or whatever comes after. Accounts have a table of their
own in test_access.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import UUIDConverter

from accounts import tokens
from accounts.roles import Role
from accounts.scopes import Scope
from tests.accounts.conftest import make_person

pytestmark = pytest.mark.django_db

#: Let in; sent to sign in; asked for an account; refused, with a reason.
IN, SIGN_IN, ACCOUNT, NO = "in", "sign in", "401", "403"
PEOPLE = ("anonymous", "reader", "editor", "administrator")
TOKENS = tuple(f"token {scope.value}" for scope in Scope)

# What pages are for, by person.
EVERYBODY = (IN, IN, IN, IN)
EDITORS = (SIGN_IN, NO, IN, IN)
ADMINISTRATORS = (SIGN_IN, NO, NO, IN)
# What the API is for, by the same with a session, and by an administrator's tokens of one scope each: read, import,
# annotate, admin.
ASKING = (IN, IN, IN, IN, IN, IN, IN, IN)
IMPORTING = (ACCOUNT, NO, IN, IN, NO, IN, NO, NO)
ANNOTATING = (ACCOUNT, NO, IN, IN, NO, NO, IN, NO)
ADMINISTERING = (ACCOUNT, NO, NO, IN, NO, NO, NO, IN)

#: By name, with whichever method; what of them all may read is not asked for.
PAGES: dict[str, tuple[str, ...]] = {
    "conflict_list": EDITORS,
    "claim_edit": EDITORS,
    "claim_merge": EDITORS,
    "claim_unmerge": EDITORS,
    "claim_split": EDITORS,
    "claim_link": EDITORS,
    "link_undo": EDITORS,
    "conflict_settle": EDITORS,
    "orphan_list": EDITORS,
    "statement_edit": EDITORS,
    "statement_withdraw": EDITORS,
    "statement_restore": EDITORS,
    "attribution_confirm": EDITORS,
    "attribution_reject": EDITORS,
    "attribution_unsure": EDITORS,
    "attribution_undo": EDITORS,
    "attribution_correct": EDITORS,
    "review": EDITORS,
    "review_decide": EDITORS,
    "review_undo": EDITORS,
    "change_list": EDITORS,
    "change_revert": EDITORS,
    "second_reading": EDITORS,
    "second_judge": EDITORS,
    "agreement": EDITORS,
    "agreement_adjudicate": EDITORS,
    "flag_list": EDITORS,
    "flag_settle": EDITORS,
    "note_withdraw": EDITORS,
    "note_write": EDITORS,
    "flag_create": EVERYBODY,
    "speaker_edit": EDITORS,
    "speaker_merge": EDITORS,
    "speaker_unmerge": EDITORS,
    "article_annotate": EDITORS,
    "annotate_speakers": EDITORS,
    "annotate_claims": EDITORS,
    "derivation_decide": EDITORS,
    "outlet_edit": EDITORS,
    "outlet_merge": EDITORS,
    "outlet_unmerge": EDITORS,
    "import_create": EDITORS,
    "import_cancel": EDITORS,
    "import_retry": EDITORS,
    "import_looked": EDITORS,
    "feed_list": EDITORS,
    "feed_pause": EDITORS,
    "feed_resume": EDITORS,
    "feed_poll": EDITORS,
    "sitemap_index": EVERYBODY,
    "sitemap_part": EVERYBODY,
    "webhook_list": EDITORS,
    "webhook_detail": EDITORS,
    "webhook_replay": EDITORS,
    "webhook_act": EDITORS,
    "delivery_replay": EDITORS,
    "operations": ADMINISTRATORS,
    "reading_retry": ADMINISTRATORS,
}

API: dict[str, tuple[str, ...]] = {
    "GET api:flag-list": ANNOTATING,
    "GET api:webhook-list": ANNOTATING,
    "GET api:webhook-detail": ANNOTATING,
    "GET api:webhook-deliveries": ANNOTATING,
    "POST api:article-list": IMPORTING,
    "POST api:statement-list": ANNOTATING,
    "PATCH api:statement-detail": ANNOTATING,
    "DELETE api:statement-detail": ANNOTATING,
    "POST api:statement-restore": ANNOTATING,
    "POST api:claim-list": ANNOTATING,
    "PATCH api:claim-detail": ANNOTATING,
    "POST api:claim-merge": ANNOTATING,
    "POST api:claim-split": ANNOTATING,
    "POST api:claim-unmerge": ANNOTATING,
    "POST api:attribution-list": ANNOTATING,
    "POST api:attribution-decide-several": ANNOTATING,
    "PATCH api:attribution-detail": ANNOTATING,
    "POST api:attribution-decide": ANNOTATING,
    "POST api:import-list": IMPORTING,
    "POST api:import-cancel": IMPORTING,
    "POST api:import-retry": IMPORTING,
    "POST api:feed-list": IMPORTING,
    "POST api:feed-pause": IMPORTING,
    "POST api:feed-resume": IMPORTING,
    "DELETE api:feed-detail": ADMINISTERING,
    "GET api:token-list": ADMINISTERING,
    "GET api:token-detail": ADMINISTERING,
    "DELETE api:token-detail": ADMINISTERING,
    "POST api:webhook-list": ANNOTATING,
    "PATCH api:webhook-detail": ANNOTATING,
    "DELETE api:webhook-detail": ANNOTATING,
    "POST api:webhook-ping": ANNOTATING,
    "POST api:webhook-replay": ANNOTATING,
    "POST api:webhook-resume": ANNOTATING,
    "POST api:webhook-rotate": ANNOTATING,
    "POST api:link-list": ANNOTATING,
    "POST api:link-decide": ANNOTATING,
    "POST api:flag-list": ASKING,
    "POST api:flag-settle": ANNOTATING,
    "POST api:article-annotations": ANNOTATING,
    "POST api:annotation-import": ANNOTATING,
    "POST api:webhook-deliver": ANNOTATING,
    "POST api:reconcile": ASKING,
}

ABSENT = "3f2f3c0e-8f57-4f0e-9d5c-2f6a8b1f0c11"
#: Values for what addresses have in them, beside ids, which are ABSENT.
SAMPLES: dict[str, Any] = {
    "uid": ABSENT,
    "slug": "absent",
    "other": "absent",
    "key": "claim",
    "event": 1,
    "pk": 1,
    "number": 1,
    "kind": "claims",
    "section": "claims",
    "path": "absent",
}
#: Of these, accounts have a table of their own, and the administration asks for permissions of its own.
ELSEWHERE = ("accounts/", "admin/")
#: Answers 404 to whatever is asked at none of the API's addresses.
NOWHERE = "api:not_found"
REASONS = ("This needs a token with the scope", "has no role that allows this", "This page is for")
METHODS = ("POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True)
class Address:
    name: str
    path: str

    @property
    def is_api(self) -> bool:
        return self.path.startswith("/api/")


def addresses() -> tuple[list[Address], list[str]]:
    """Return the addresses of the site, and what cannot be asked because SAMPLES lacks a value for it."""
    found, unknown = [], []
    for name, route, parts in _patterns(get_resolver()):
        if route.startswith(ELSEWHERE) or name == NOWHERE:
            continue
        values = {part: SAMPLES.get(part, ABSENT if is_uuid else None) for part, is_uuid in parts.items()}
        try:
            found.append(Address(name, reverse(name, kwargs=values)))
        except NoReverseMatch:
            unknown.append(f"{route} does not take the values of SAMPLES")
    return found, unknown


def _patterns(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str, dict[str, bool]]]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _patterns(pattern, route, inner)
        elif isinstance(pattern, URLPattern):
            converters = pattern.pattern.converters
            parts = {part: isinstance(converters.get(part), UUIDConverter) for part in pattern.pattern.regex.groupindex}
            yield f"{space}{pattern.name}", route, parts


@pytest.fixture
def people() -> dict[str, User | None]:
    return {
        "anonymous": None,
        "reader": make_person("reader"),
        "editor": make_person("editor", role=Role.EDITOR),
        "administrator": make_person("administrator", role=Role.ADMINISTRATOR),
    }


@pytest.fixture
def askers(people) -> dict[str, tuple[Client, dict[str, str]]]:
    """Give each asker's browser or program, and the headers that it sends."""
    made = {}
    for name, person in people.items():
        made[name] = (Client(raise_request_exception=False), {})
        if person is not None:
            made[name][0].force_login(person)
    for scope, name in zip(Scope, TOKENS, strict=True):
        _token, secret = tokens.make_token(people["administrator"], name=name, scopes=[scope], days=1)
        made[name] = (Client(raise_request_exception=False), {"Authorization": f"Bearer {secret}"})
    return made


def ask(asker: tuple[Client, dict[str, str]], method: str, path: str):
    client, headers = asker
    return client.generic(method, path, b"{}" if "/api/" in path else b"", _form(path), headers=headers)


def _form(path: str) -> str:
    return "application/json" if path.startswith("/api/") else "application/x-www-form-urlencoded"


def outcome(answer) -> str:
    """Return what became of a request, in a word of the table."""
    if answer.status_code == 302 and "/accounts/login/" in answer["Location"]:
        return SIGN_IN
    if answer.status_code in (401, 403):
        return str(answer.status_code)
    return IN if answer.status_code < 500 else f"broken: {answer.status_code}"


@dataclass(frozen=True)
class Question:
    """Something to ask of an address that wants a row: it writes, or it is not for everybody to read."""

    address: Address
    method: str

    @property
    def row(self) -> str:
        return f"{self.method} {self.address.name}" if self.address.is_api else self.address.name

    @property
    def columns(self) -> tuple[str, ...]:
        return (*PEOPLE, *TOKENS) if self.address.is_api else PEOPLE


#: What wants a row, once it was found.
_found: list[Question] = []


def questions(askers) -> list[Question]:
    """Return what wants a row, found by asking as an administrator, and as a stranger; for all tests once."""
    if not _found:
        _found.extend(list(_questions(askers)))
    return _found


def _questions(askers) -> Iterator[Question]:
    for address in addresses()[0]:
        for method in METHODS:
            if ask(askers["administrator"], method, address.path).status_code != 405:
                yield Question(address, method)
        if outcome(ask(askers["anonymous"], "GET", address.path)) != IN:
            yield Question(address, "GET")


@dataclass(frozen=True)
class Answered:
    """What became of a question by who asked it; of refusals, what was said, and whether it was logged."""

    question: Question
    outcomes: dict[str, str]
    said: dict[str, str]
    unlogged: list[str]


#: What all were answered, once they have asked.
_answered: list[Answered] = []


def answers(askers, caplog) -> list[Answered]:
    """Return what became of each question by each who may ask it; for all tests once."""
    if not _answered:
        _answered.extend([_answer(question, askers, caplog) for question in questions(askers)])
    return _answered


def _answer(question: Question, askers, caplog) -> Answered:
    answered = Answered(question, {}, {}, [])
    for name in question.columns:
        caplog.clear()
        answer = ask(askers[name], question.method, question.address.path)
        answered.outcomes[name] = outcome(answer)
        if answered.outcomes[name] == NO:
            answered.said[name] = answer.json()["detail"] if question.address.is_api else answer.content.decode()
            if not any(line.startswith("refused user=") for line in caplog.messages):
                answered.unlogged.append(name)
    return answered


def as_table(rows: dict[str, tuple[str, ...]]) -> str:
    """Return rows as lines of equal columns."""
    columns = (*PEOPLE, *TOKENS)
    width = max(map(len, rows), default=0)
    lines = [" ".join(["".ljust(width), *(column.ljust(14) for column in columns)])]
    lines += [" ".join([name.ljust(width), *(word.ljust(14) for word in words)]) for name, words in rows.items()]
    return "\n".join(lines)


def test_every_address_that_writes_lets_in_whom_the_table_says(askers, caplog):
    assert addresses()[1] == []
    table = {**PAGES, **API}
    wrong: dict[str, tuple[str, ...]] = {}
    lacking: dict[str, tuple[str, ...]] = {}
    for answered in answers(askers, caplog):
        question, got = answered.question, tuple(answered.outcomes.values())
        if question.row not in table:
            lacking[question.row] = got
        elif got != table[question.row]:
            wrong[f"{question.row}, {question.method} is"] = got
            wrong[f"{question.row}, {question.method} is to be"] = table[question.row]

    gone = sorted(table.keys() - {question.row for question in questions(askers)})
    assert not wrong, f"other people get in than the table says:\n{as_table(wrong)}"
    assert not lacking, f"these have no row in tests/accounts/test_who_may.py:\n{as_table(lacking)}"
    assert not gone, f"rows of addresses that are no more, or write no more: {', '.join(gone)}"


def test_no_form_of_another_site_is_taken(people, askers):
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(people["administrator"])
    # What everybody may ask of the API is asked without a session.
    writing = [each for each in questions(askers) if each.method != "GET" and API.get(each.row) != ASKING]
    taken = [each for each in writing if outcome(ask((forged, {}), each.method, each.address.path)) != NO]

    assert len(writing) > 50
    assert taken == []


def test_whoever_is_refused_is_told_why_and_it_is_logged(askers, caplog):
    told = answers(askers, caplog)
    silent = [
        f"{answered.question.row} as {name}: {said[:200]}"
        for answered in told
        for name, said in answered.said.items()
        if name in answered.unlogged or not any(reason in said for reason in REASONS)
    ]
    assert silent == []
    assert sum(len(answered.said) for answered in told) > 100


def test_every_answer_of_the_api_is_closed_where_reading_is(askers, settings):
    settings.PUBLIC_READS = False
    api = [address for address in addresses()[0] if address.is_api]
    # What tells what the API is.
    described = {"api:schema", "api:docs"}
    got = {
        address.name: tuple(outcome(ask(askers[name], "GET", address.path)) for name in ("anonymous", *TOKENS))
        for address in api
        if address.name not in described and f"GET {address.name}" not in API
    }
    as_meant = (ACCOUNT, IN, NO, NO, NO)

    assert len(got) > 20
    assert {name: words for name, words in got.items() if words != as_meant} == {}
