"""A resident with a browser: the form of the running city, from the first key to the receipt in the mailbox."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.conftest import Running, Sink, need
from tests.flow.test_pages_browser import ARGUMENTS, TAGS

Start = Callable[..., Running]
WORDS = "Gatlyktan utanför Storgatan 5 lyser inte. Det är mörkt på kvällarna."


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=need("chromium"), args=ARGUMENTS)
        yield running
        await running.close()


async def find_faults(page: Page) -> list[str]:
    results = await Axe().run(page, options={"runOnly": TAGS})
    return [f"{each['id']}: {each['nodes'][0]['html']}" for each in results.response["violations"]]


async def write(page: Page, mail: str = "anna@example.com") -> None:
    await page.fill("#text", WORDS)
    await page.check("input[value=fel]")
    await page.fill("#mail", mail)
    await page.fill("#name", "Anna Öberg")


async def test_a_message_goes_from_the_browser_to_a_case_and_its_receipt_comes_back_twice(
    browser: Browser, kvitto: Start, sink: Sink, tmp_path: Path
) -> None:
    running = kvitto(**sink.relay)
    picture = tmp_path / "bild på lyktan.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(5000))
    asked: list[str] = []
    page = await browser.new_page(locale="sv-SE")
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(running.url)
    assert await find_faults(page) == []
    await write(page)
    await page.set_input_files("#files", [picture])
    await page.click("#send")
    await expect(page.locator("#review-h")).to_be_focused()
    assert [url for url in asked if not url.removeprefix("blob:").startswith(running.url)] == []
    assert running.cases() == []  # nothing has left the browser yet
    await page.click("#really")
    number = await page.locator("#no").text_content()
    assert await find_faults(page) == []
    await page.reload()
    assert await page.locator("#no").text_content() == number
    (case,) = running.cases()
    assert case["reference"] == number
    assert (case["department"], case["category"]) == ("teknik", "fel")
    await expect(page.locator("main")).to_contain_text("Teknik- och fastighets")
    assert WORDS not in await page.content()
    found = running.case(case["reference"])
    assert found["messages"][0]["text"] == WORDS
    assert [(file["filename"], file["size"]) for file in found["files"]] == [("bild på lyktan.png", 5008)]
    (receipt,) = sink.wait(1)
    assert number in receipt["Subject"]
    assert receipt["To"] == "anna@example.com"


async def test_the_form_works_without_script(browser: Browser, kvitto: Start, sink: Sink) -> None:
    running = kvitto(**sink.relay)
    context = await browser.new_context(java_script_enabled=False, locale="fi-FI")
    page = await context.new_page()
    await page.goto(running.url)
    await expect(page.locator("html")).to_have_attribute("lang", "fi")
    await page.click("#send")
    await expect(page.locator("#errors a").first).to_be_visible()  # told what is missing, in Finnish
    await write(page)
    await page.click("#send")
    number = await page.locator("#no").text_content()
    assert [case["reference"] for case in running.cases()] == [number]
    await page.reload()  # the browser sends the same post again
    assert await page.locator("#no").text_content() == number
    assert len(running.cases()) == 1
    assert len(sink.wait(1)) == 1


async def test_back_and_send_again_is_the_same_receipt(browser: Browser, kvitto: Start) -> None:
    running = kvitto()
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(running.url)
    await write(page)
    await page.click("#send")
    number = await page.locator("#no").text_content()
    await page.go_back()
    await page.click("#send")
    assert await page.locator("#no").text_content() == number
    assert len(running.cases()) == 1


async def test_a_server_that_is_gone_leaves_the_text_in_the_browser(browser: Browser, kvitto: Start) -> None:
    running = kvitto()
    page = await browser.new_page()
    await page.goto(running.url)
    await write(page)
    await page.click("#send")
    running.kill()
    await page.click("#really")
    await expect(page.locator("#text")).to_have_value(WORDS)
    running.start()
    if await page.locator("#review").is_hidden():
        await page.click("#send")
    await page.click("#really")
    await expect(page.locator("#no")).to_be_visible()
    assert len(running.cases()) == 1
