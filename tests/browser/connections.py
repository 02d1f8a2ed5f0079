"""Connections that fail on the way."""

from playwright.sync_api import Page, Route


def lose_answers(page: Page, address: str) -> list[str | None]:
    """Lose the first two forms that are sent to an address, and give the list of what is sent.

    The first arrives, and its answer does not; the second does not arrive. To be called before the page is opened: in
    one that is shown Chromium begins to hold requests back a moment after it was told, and a key would be quicker.
    """
    sent: list[str | None] = []

    def carry(route: Route) -> None:
        if route.request.method != "POST":
            route.continue_()
            return
        sent.append(route.request.post_data)
        if len(sent) == 1:
            route.fetch(max_redirects=0)
        if len(sent) < 3:
            route.abort()
        else:
            route.continue_()

    page.route(address, carry)
    return sent
