"""The playground in a real browser: a mail and a text message, live and without a script, and nothing for axe to find."""

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.conftest import Running, need
from tests.flow.test_form_browser import find_faults
from tests.flow.test_pages_browser import ARGUMENTS

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=need("chromium"), args=ARGUMENTS)
        yield running
        await running.close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    found = Running(tmp_path_factory.mktemp("kvitto"), {"KVITTO_INTAKE__READERS": "0"}).start()
    yield found
    found.stop()


async def is_narrow(page: Page) -> bool:
    return await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


async def test_a_mail_and_a_text_message_are_answered_before_ones_eyes(
    browser: Browser, running: Running
) -> None:
    page = await browser.new_page(
        locale="sv-SE", viewport={"width": 360, "height": 800}, reduced_motion="reduce", bypass_csp=True
    )
    faults, loads = [], []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("load", lambda _: loads.append(page.url))
    await page.goto(f"{running.url}/playground")
    await expect(page.locator(".note")).to_contain_text("Det här är en demo.")
    await page.focus("#send")
    await page.keyboard.press("Enter")
    await expect(page.frame_locator("iframe.frame").locator("h1")).to_contain_text("Tack!")
    await expect(page.locator(".town .who")).to_contain_text("Teknik")
    number = await page.locator(".town .no").text_content()
    await expect(page.frame_locator("iframe.frame").locator("body")).to_contain_text(str(number))
    assert len(loads) == 1, "the page was loaded anew"
    await expect(page.locator("#told")).to_have_text("Skickat. Här är vad som hände.")
    await expect(page.locator("#talk")).to_be_focused()
    assert await is_narrow(page)
    assert await find_faults(page) == []

    await page.click(".ways a[href*='via=sms']")
    await page.click(".tries a[href*='example=ar']")
    await page.click("#send")
    receipt = page.locator(".talk .them .bubble")
    await expect(receipt).to_have_attribute("lang", "ar")
    await expect(receipt).to_have_attribute("dir", "rtl")
    await expect(page.locator(".talk .under.ok")).to_contain_text("Framme efter")
    await page.click("button[value=stop]")
    await expect(page.locator(".talk .them .bubble")).to_have_count(2)
    assert await is_narrow(page)
    assert await find_faults(page) == []
    assert faults == []
    await page.close()


async def test_without_a_script_the_page_comes_with_the_receipt(browser: Browser, running: Running) -> None:
    page = await browser.new_page(locale="fi-FI", java_script_enabled=False)
    await page.goto(f"{running.url}/playground?via=telegram&example=fi")
    await page.click("#send")
    await expect(page.locator(".talk .them .bubble")).to_contain_text("Kiitos")
    assert "case=" in page.url
    await page.fill("#text", "<b>Siellä on pimeää.</b>")
    await page.click("#send")
    await expect(page.locator(".talk .me .bubble")).to_have_text(
        ["Hei! Katuvalo on rikki koulun vieressä. Milloin se korjataan?", "<b>Siellä on pimeää.</b>"]
    )
    await page.goto(f"{running.url}/playground?via=sms")
    await page.fill("#text", "")
    await page.click("#send")
    await expect(page.locator("#text-e")).to_have_text("Kirjoita ensin jotain.")
    await page.close()
