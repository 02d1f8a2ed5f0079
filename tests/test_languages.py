"""Pages in every language: addresses, dates, what caches and search engines are told; no string is untranslated."""

import re
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.template import Context, Template
from django.test import RequestFactory
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation
from django.utils.formats import date_format

from accounts.roles import Role
from config import catalogues
from config.languages import in_language
from tests.accounts.conftest import make_person
from tests.factories import make_claim, make_report

SITE = "http://testserver"


@pytest.fixture(autouse=True)
def language_of_the_test():
    """Leave no language behind: the middleware activates one for the thread."""
    with translation.override(settings.LANGUAGE_CODE):
        yield


@pytest.fixture
def page(client, db):
    def get(path, **options):
        response = client.get(path, **options)
        assert response.status_code == 200, path
        return response, response.content.decode()

    return get


# Addresses


@pytest.mark.parametrize(
    ("path", "lang", "word"), [("/", "en", "Articles"), ("/ru/", "ru", "Статьи"), ("/zh-hans/", "zh-Hans", "报道")]
)
def test_the_address_alone_says_the_language(page, path, lang, word):
    response, text = page(path, headers={"accept-language": "ru, zh-CN;q=0.5"})

    assert f'<html lang="{lang}" dir="ltr">' in text
    assert response["Content-Language"] == lang
    assert f">{word}</a>" in text
    # One address is one page: caches need not keep a copy for each reader's preferences.
    assert "Accept-Language" not in response.get("Vary", "")


def test_links_stay_in_the_language(client, db):
    claim = make_claim()
    make_report(claim)
    text = client.get(f"/ru/claims/{claim.uid}/").content.decode()

    switch = {f"/claims/{claim.uid}/", f"/zh-hans/claims/{claim.uid}/"}
    inside = set(re.findall(r'<a[^>]* href="(/[^"]*)"', text)) - switch
    outside = {path for path in inside if not path.startswith("/ru/")}
    assert len(inside) > 10
    assert all(path.startswith(("/api/", "/snapshots/")) or "." in path.rpartition("/")[2] for path in outside), outside


def test_the_switch_keeps_page_and_query(page):
    _, text = page("/ru/claims/?q=a%26b&level=single")

    assert '<a href="/claims/?q=a%26b&amp;level=single" lang="en" hreflang="en">English</a>' in text
    assert '<a href="/zh-hans/claims/?q=a%26b&amp;level=single" lang="zh-Hans" hreflang="zh-Hans">简体中文</a>' in text
    assert (
        '<a href="/ru/claims/?q=a%26b&amp;level=single" lang="ru" hreflang="ru" aria-current="true">Русский</a>' in text
    )


def test_the_switch_leads_from_the_answer_to_a_form_to_a_page():
    request = RequestFactory().post("/ru/attributions/x/confirm/")
    versions = Template("{% load languages %}{% versions as all %}{% for v in all %}{{ v.address }} {% endfor %}")
    with translation.override("ru"):
        assert versions.render(Context({"request": request})).split() == ["/", "/zh-hans/", "/ru/"]


@pytest.mark.parametrize(
    ("path", "code", "expected"),
    [
        ("/claims/", "ru", "/ru/claims/"),
        ("/ru/claims/", "zh-hans", "/zh-hans/claims/"),
        ("/zh-hans/", "en", "/"),
        ("/russia/", "zh-hans", "/zh-hans/russia/"),
        ("/outlets/ru/?q=/ru/", "ru", "/ru/outlets/ru/?q=/ru/"),
    ],
)
def test_a_path_in_another_language(path, code, expected):
    assert in_language(path, code) == expected


def test_the_head_names_the_page_and_its_versions_without_the_query(page):
    _, text = page("/ru/claims/?q=rivers")

    assert f'<link rel="canonical" href="{SITE}/ru/claims/">' in text
    assert re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)">', text) == [
        ("en", f"{SITE}/claims/"),
        ("zh-Hans", f"{SITE}/zh-hans/claims/"),
        ("ru", f"{SITE}/ru/claims/"),
        ("x-default", f"{SITE}/claims/"),
    ]


def test_errors_are_in_the_language_and_name_no_other_address(client, db):
    response = client.get("/ru/nothing-here/")

    assert response.status_code == 404
    text = response.content.decode()
    assert '<html lang="ru"' in text
    assert "Такой страницы нет" in text
    assert 'rel="canonical"' not in text
    assert 'rel="alternate"' not in text


def test_programs_are_answered_alike_whatever_they_prefer(client, db):
    for path in ("/healthz", "/api/v1/claims/", "/robots.txt"):
        response = client.get(path, headers={"accept-language": "ru"})
        assert response.status_code == 200
        assert "Accept-Language" not in response.get("Vary", "")
        assert "Content-Language" not in response
    assert client.get("/ru/api/v1/claims/").status_code == 404
    assert client.get("/ru/healthz").status_code == 404


def test_signing_in_leads_back_to_the_page_in_its_language(client, db):
    make_person("ed", role=Role.EDITOR)
    response = client.get("/ru/imports/new/")

    assert response.url == "/ru/accounts/login/?next=/ru/imports/new/"
    client.force_login(make_person("eva", role=Role.EDITOR))
    assert "Импорт статей" in client.get("/ru/imports/new/").content.decode()


@pytest.mark.parametrize(
    ("code", "day", "moment"),
    [
        ("en", "7 February 2026", "7 February 2026, 05:30"),
        ("zh-hans", "2026年2月7日", "2026年2月7日 05:30"),
        ("ru", "7 февраля 2026", "7 февраля 2026, 05:30"),
    ],
)
def test_dates_are_written_as_the_language_writes_them(code, day, moment):
    at = datetime(2026, 2, 7, 5, 30, tzinfo=UTC)
    with translation.override(code):
        assert date_format(at, "DATE_FORMAT") == day
        assert date_format(at, "DATETIME_FORMAT") == moment


def test_every_page_is_in_every_language_and_nothing_else_is():
    def routes(patterns, prefix=()):
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                yield from routes(pattern.url_patterns, (*prefix, pattern))
            elif isinstance(pattern, URLPattern):
                yield pattern, prefix

    translated, plain = set(), set()
    for pattern, prefix in routes(get_resolver().url_patterns):
        languages = any("LocalePrefixPattern" in type(part.pattern).__name__ for part in prefix)
        (translated if languages else plain).add(pattern.name)
    assert {"home", "claim_list", "claim_detail", "article_detail", "account_login", "import_list"} <= translated
    assert {"healthz", "readyz", "metrics", "robots", "sitemap_index", "snapshot_download"} <= plain
    with translation.override("ru"):
        assert reverse("snapshot_download", args=["a3bb189e-8bf9-4888-9912-ace4e6543002"]).startswith("/snapshots/")
        assert reverse("claim_list") == "/ru/claims/"


# Catalogues


@pytest.fixture(scope="module")
def gathered():
    return catalogues.gather()


@pytest.mark.parametrize("locale", catalogues.LOCALES)
def test_every_string_is_translated_and_compiled(gathered, locale):
    assert catalogues.faults(locale, gathered) == []


def test_languages_of_the_settings_have_a_catalogue_each():
    codes = {translation.to_locale(code) for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE}

    assert codes == set(catalogues.LOCALES)


def test_marked_strings_are_only_gathered_where_their_functions_keep_their_names():
    """An alias such as `gettext as t` would hide strings; `_` is the one that is known."""
    for path in catalogues._files(catalogues.ROOT):
        aliases = re.findall(r"\bn?p?gettext(?:_lazy|_noop)? as (\w+)", path.read_text())
        assert set(aliases) <= {"_"}, path


SOURCES = {
    "templates/page.html": (
        '{% load i18n %}<p title="{% translate "A title" %}">'
        "{% blocktranslate trimmed with name=user count n=n %}\n  {{ name }} has {{ n }} claim{% plural %}\n"
        "  {{ name }} has {{ n }} claims{% endblocktranslate %}</p>\n"
        '  {% include "x.html" with label=_("A label") %}\n{% translate "closed" context "account" %}'
    ),
    "claims/words.py": (
        "from django.utils.translation import gettext_lazy as _, ngettext, pgettext\n"
        'TITLE = _("A title")\n'
        'def found(n):\n    return ngettext("%(n)s <b>word</b>", "%(n)s <b>words</b>", n) % {"n": n}\n'
    ),
}
COMPLETE = {
    "A title": "Заглавие",
    "A label": "Подпись",
    "closed": "закрыта",
    "%(name)s has %(n)s claim": ["%(name)s: %(n)s"] * 3,
    "%(n)s <b>word</b>": ["%(n)s <b>слово</b>", "%(n)s <b>слова</b>", "%(n)s <b>слов</b>"],
}


@pytest.fixture
def project(tmp_path):
    """A small project of its own with a template and a module."""
    for name, text in SOURCES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True)
        path.write_text(text)
    return tmp_path


def translate(project: Path, translations: dict, *, fuzzy: str = "") -> None:
    """Write translations into the Russian catalogue as a translator would; what is not named stays as it is."""
    path = project / "locale/ru/LC_MESSAGES/django.po"
    with path.open("rb") as file:
        catalogue = read_po(file, locale="ru")
    for message in catalogue:
        singular = message.id[0] if isinstance(message.id, tuple) else message.id
        if singular in translations:
            message.string = tuple(given) if isinstance(given := translations[singular], list) else given
        if fuzzy and singular == fuzzy:
            message.flags.add("fuzzy")
    with path.open("wb") as file:
        write_po(file, catalogue)


def test_strings_of_templates_and_programs_are_gathered_with_plurals_and_contexts(project):
    gathered = catalogues.gather(project)

    found = {(message.id, message.context) for message in gathered if message.id}
    assert found == {
        ("A title", None),
        ("A label", None),
        ("closed", "account"),
        (("%(name)s has %(n)s claim", "%(name)s has %(n)s claims"), None),
        (("%(n)s <b>word</b>", "%(n)s <b>words</b>"), None),
    }
    assert {place for place, _ in gathered["A title"].locations} == {"templates/page.html", "claims/words.py"}


def test_a_complete_catalogue_has_no_faults_and_a_second_run_changes_nothing(project):
    gathered = catalogues.gather(project)
    catalogues.update("ru", gathered, project)
    translate(project, COMPLETE)
    catalogues.update("ru", gathered, project)
    assert catalogues.faults("ru", gathered, project) == []

    folder = project / "locale/ru/LC_MESSAGES"
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    catalogues.update("ru", catalogues.gather(project), project)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"A title": ""}, "untranslated: A title"),
        ({"A title": "Заглавие "}, "other white space"),
        ({"%(n)s <b>word</b>": ["%(n)s <b>слово</b>", "%(n)s <b>слова</b>"]}, "untranslated: %(n)s <b>word</b>"),
        (
            {"%(n)s <b>word</b>": ["%(n)s <b>слово</b>", "%(n)s слова", "%(n)s <b>слов</b>"]},
            "other placeholders or tags",
        ),
        (
            {"%(n)s <b>word</b>": ["%(k)s <b>слово</b>", "%(n)s <b>слова</b>", "%(n)s <b>слов</b>"]},
            "other placeholders",
        ),
    ],
)
def test_a_wrong_translation_is_named(project, change, fault):
    gathered = catalogues.gather(project)
    catalogues.update("ru", gathered, project)
    translate(project, COMPLETE | change)
    catalogues.update("ru", gathered, project)

    assert [found for found in catalogues.faults("ru", gathered, project) if found.startswith(fault)], fault


def test_what_was_only_guessed_is_named(project):
    gathered = catalogues.gather(project)
    catalogues.update("ru", gathered, project)
    translate(project, COMPLETE, fuzzy="A title")
    catalogues.update("ru", gathered, project)

    assert "fuzzy: A title" in catalogues.faults("ru", gathered, project)


def test_what_is_not_compiled_not_gathered_or_no_longer_used_is_named(project):
    gathered = catalogues.gather(project)
    catalogues.update("ru", gathered, project)
    translate(project, COMPLETE)
    assert catalogues.faults("ru", gathered, project) == ["not compiled: django.mo is not what django.po compiles to"]

    shutil.rmtree(project / "claims")
    (project / "templates/page.html").write_text('{% load i18n %}{% translate "A new title" %}')
    found = catalogues.faults("ru", catalogues.gather(project), project)
    assert "missing: A new title" in found
    assert "no longer used: A title" in found


def test_translations_stay_where_strings_move(project):
    catalogues.update("ru", catalogues.gather(project), project)
    translate(project, COMPLETE)
    (project / "templates/page.html").rename(project / "templates/other.html")
    catalogues.update("ru", catalogues.gather(project), project)

    assert catalogues.faults("ru", catalogues.gather(project), project) == []
