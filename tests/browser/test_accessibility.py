"""No page has a fault that axe-core finds: in light and dark, at a desk and on a telephone, in every language."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser import site

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# The scheme changes colours alone, so that in the second one only what depends on them is looked at again.
SCHEMES: dict[str, dict] = {
    "light": {"resultTypes": ["violations"]},
    "dark": {
        "resultTypes": ["violations"],
        "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
    },
}
WIDTHS = (1280, 390)
#: Asks axe-core, which is in the page, and returns the rule and the element of each fault.
RUN = "options => axe.run(options).then(({violations}) => violations.flatMap(v => v.nodes.map(n => [v.id, n.html])))"
#: Which of its pages are asked for in other languages too: the others have the same templates around them.
IN_EACH_LANGUAGE = ("home", "claim_detail", "account_login")


def test_every_page_is_looked_at_or_named_as_none():
    known = [set(site.OPEN), set(site.SIGNED_IN), set(site.NO_PAGE)]

    assert site.page_names() == set.union(*known)
    assert sum(map(len, known)) == len(set.union(*known)), "a page is named twice"


def faults(page: Page, address: str) -> list[str]:
    """Return what axe-core finds on a page, in each scheme and width, a line for each element."""
    answer = page.goto(address)
    assert answer is not None
    assert answer.status < 400, f"{answer.status} at {address}"
    page.evaluate(Axe().axe_script)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        for scheme, options in SCHEMES.items():
            page.emulate_media(color_scheme=scheme)
            told = page.evaluate(RUN, options)
            found += [f"{address} {width} {scheme}: {rule}: {element[:200]}" for rule, element in told]
    return found


@pytest.fixture
def world(live_server):
    return site.make_world()


@pytest.mark.long
def test_no_page_that_is_open_to_all_has_a_fault(live_server, page, world):
    assert [fault for of in site.OPEN.values() for fault in faults(page, live_server.url + of(world))] == []


@pytest.mark.long
def test_no_page_for_those_signed_in_has_a_fault(live_server, page, world, client):
    client.force_login(world.person)
    page.context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )

    assert [fault for of in site.SIGNED_IN.values() for fault in faults(page, live_server.url + of(world))] == []


@pytest.mark.parametrize("prefix", ["/zh-hans", "/ru"])
def test_no_page_has_a_fault_in_another_language(live_server, page, world, prefix):
    addresses = [live_server.url + prefix + site.OPEN[name](world) for name in IN_EACH_LANGUAGE]

    assert [fault for address in addresses for fault in faults(page, address)] == []


@pytest.mark.parametrize("path", ["/nothing-here/", "/claims/?level=none"])
def test_errors_have_no_fault_either(live_server, page, path):
    page.goto(live_server.url + path)

    assert Axe().run(page).response["violations"] == []


def test_a_fault_would_be_told(page):
    made = "http://made.example/"
    page.route(made, lambda route: route.fulfill(content_type="text/html", body="<title>x</title><img>"))

    assert f"{made} 390 light: image-alt: <img>" in faults(page, made)


def test_axe_would_see_a_fault(page):
    page.set_content('<html lang="en"><title>x</title><main><h1>x</h1><img src="x.png"><input></main>')
    assert {violation["id"] for violation in Axe().run(page).response["violations"]} == {"image-alt", "label"}

    page.set_content('<html lang="en"><title>x</title><main><h1>x</h1><p style="color: #bbb">faint</p></main>')
    found = Axe().run(page, options=SCHEMES["dark"]).response["violations"]
    assert [violation["id"] for violation in found] == ["color-contrast"]
