"""A resident with a browser: the chat on a page of another site, by keyboard alone, with a network that comes and goes."""

from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from tests.conftest import Running, free_port, need
from tests.flow.test_chat import HIDDEN, WORDS, staff_answer
from tests.flow.test_form_browser import find_faults
from tests.flow.test_pages_browser import ARGUMENTS

PAGE = """<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{name}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<body><main><h1>{name}</h1><p><a href="/other">Vidare</a></p>
<kvitto-chat><a href="{url}/">Skriv till oss</a></kvitto-chat></main>
<script src="{url}/chat/kvitto-chat.js" defer></script></body></html>"""


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=need("chromium"), args=ARGUMENTS)
        yield running
        await running.close()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, str]]:
    """A web site of its own whose pages hold the chat of a running Kvitto, and its address."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    settings = {"KVITTO_CHAT__ORIGINS": origin, "KVITTO_INTAKE__READERS": "0"}
    running = Running(tmp_path_factory.mktemp("kvitto"), settings).start()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            name = "Snö och is" if self.path == "/" else "En annan sida"
            lang = "ar" if self.path == "/ar" else "sv"
            body = PAGE.format(name=name, lang=lang, url=running.url).encode()
            self.send_response(200)
            self.send_header("content-type", "text/html; charset=utf-8")
            # What a careful city sends: its own files and ours, nothing else.
            policy = f"default-src 'self' {running.url}; base-uri 'none'"
            self.send_header("content-security-policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield running, origin
    server.shutdown()
    server.server_close()
    thread.join()
    running.stop()


def said(page: Page, whose: str = "") -> object:
    return page.locator(f"kvitto-chat li{whose}")


async def focused(page: Page) -> str:
    return await page.evaluate(
        "(() => { const a = document.activeElement, s = a.shadowRoot && a.shadowRoot.activeElement || a;"
        " return s.id || s.className || s.tagName; })()"
    )


async def test_a_conversation_by_keyboard_alone_goes_on_on_the_next_page(
    browser: Browser, site: tuple[Running, str]
) -> None:
    running, origin = site
    context = await browser.new_context(
        locale="sv-SE", viewport={"width": 360, "height": 740}, reduced_motion="reduce"
    )
    page = await context.new_page()
    asked, faults = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    await page.goto(origin)
    await expect(page.locator(".fab")).to_be_visible()
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    assert await focused(page) == "fab"
    await page.keyboard.press("Enter")
    assert await focused(page) == "text"
    await page.keyboard.press("Control+Enter")  # nothing is written yet
    await expect(page.locator("#text")).to_have_accessible_description("Skriv något först.")
    await page.keyboard.type(WORDS)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Tab")
    assert await focused(page) == "send"
    await page.keyboard.press("Enter")
    await expect(said(page, ".theirs .state")).to_contain_text("Skickat")
    await expect(said(page, ".ours")).to_have_count(1)
    assert await focused(page) == "text"
    case = running.cases()[0]
    await expect(said(page, ".ours")).to_contain_text(case["reference"])
    await expect(page.locator("kvitto-chat p.vh[role=status]")).to_contain_text(case["reference"])
    assert await find_faults(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await page.keyboard.press("Escape")
    assert await focused(page) == "fab"
    # Another page of the site: the conversation is there, and what staff write appears by itself.
    await page.goto(f"{origin}/other")
    staff_answer(running, case["reference"], "Vi byter lampan i dag.")
    await expect(page.locator(".badge")).to_be_visible()
    await page.click(".fab")
    await expect(said(page)).to_have_count(3)
    await expect(said(page, ".ours").nth(1)).to_contain_text("Vi byter lampan i dag.")
    # Arabic, from right to left, and the same conversation.
    await page.goto(f"{origin}/ar")
    await expect(page.locator("kvitto-chat .kvitto")).to_have_attribute("dir", "rtl")
    await page.click(".fab") if await page.locator(".fab").is_visible() else None
    await expect(said(page)).to_have_count(3)
    assert await find_faults(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    hosts = (origin, running.url)
    assert [url for url in asked if not url.startswith(hosts)] == []
    token = await page.evaluate("localStorage.getItem('kvitto-chat')")
    assert token
    assert [url for url in asked if token in url or HIDDEN[:9] in url] == []
    assert await context.cookies() == []
    # axe itself styles the page to see it at rest.
    assert [fault for fault in faults if "inline style" not in fault] == []
    # Leaving a device that others use takes the conversation with it.
    await page.click("kvitto-chat details.end summary")
    await page.click("kvitto-chat details.end button")
    await expect(said(page)).to_have_count(0)
    assert await page.evaluate("localStorage.length + sessionStorage.getItem('kvitto-chat-open').length") == 1
    await context.close()


async def test_without_script_there_is_a_link_and_a_network_that_is_cut_loses_and_doubles_nothing(
    browser: Browser, site: tuple[Running, str]
) -> None:
    running, origin = site
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(origin)
    await expect(page.locator("kvitto-chat a")).to_have_attribute("href", f"{running.url}/")
    await context.close()
    context = await browser.new_context(locale="sv-SE")
    page = await context.new_page()
    await page.goto(origin)
    await page.click(".fab")
    lost = []

    async def lose_the_answer(route: Route) -> None:
        if not lost:
            lost.append(await route.fetch())  # it arrives, and its answer does not
            await route.abort()
        else:
            await route.continue_()

    await page.route("**/chat/messages*", lose_the_answer)
    await page.fill("#text", WORDS)
    await page.click(".send")
    await expect(said(page, ".theirs .state")).to_contain_text("Skickat")
    await expect(said(page, ".ours")).to_have_count(1)
    assert [answer.status for answer in lost] == [201]
    assert len(running.case(running.cases()[0]["reference"])["messages"]) == 1
    await context.set_offline(True)
    await page.fill("#text", "Det är nummer 7 förresten.")
    await page.click(".send")
    await expect(page.locator(".net")).to_contain_text("Vi når inte nätet")
    await expect(said(page, ".theirs .state").last).to_contain_text("Inte skickat än")
    await context.set_offline(False)
    await expect(said(page, ".theirs .state").last).to_contain_text("Skickat", timeout=20_000)
    await expect(page.locator(".net")).to_be_empty()
    # Going away before it could be sent: the words wait on the device and go from the next page.
    await context.set_offline(True)
    await page.fill("#text", "Och en sak till.")
    await page.click(".send")
    await expect(said(page, ".theirs .state").last).to_contain_text("Inte skickat än")
    await context.set_offline(False)
    await page.goto(f"{origin}/other")
    await expect(said(page, ".theirs")).to_have_count(3)
    await expect(said(page, ".theirs").last).to_contain_text("Och en sak till.")
    await expect(said(page, ".theirs .state").last).to_contain_text("Skickat")
    texts = [message["text"] for message in running.case(running.cases()[0]["reference"])["messages"]]
    assert texts == [WORDS, "Det är nummer 7 förresten.", "Och en sak till."]
    await context.close()
