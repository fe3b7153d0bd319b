"""The page of a case and the form for somebody in a real browser: by keyboard, without a script, and nothing for axe to find."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.conftest import Running, need
from tests.flow.test_form_browser import find_faults
from tests.flow.test_pages_browser import ARGUMENTS
from tests.flow.test_staff_case import POTHOLE, Somebody, Town

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=need("chromium"), args=ARGUMENTS)
        yield running
        await running.close()


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Running(tmp_path_factory.mktemp("town"), {"KVITTO_INTAKE__READERS": "0"}).start()
    yield Town(running)
    running.stop()


@asynccontextmanager
async def open_as(browser: Browser, somebody: Somebody, **options: Any) -> AsyncIterator[Page]:
    """A page of theirs that fails the test when its script fails or its policy stops something."""
    options = {
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
        "locale": "sv-SE",
    } | options
    context = await browser.new_context(**options)
    await context.add_cookies(
        [{"name": "kvitto-staff", "value": somebody.token, "url": somebody.running.url}]
    )
    page = await context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield page
    await context.close()
    assert faults == []


async def fits(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


async def test_a_case_is_taken_answered_and_the_answer_undone_by_keyboard(
    browser: Browser, town: Town
) -> None:
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    case = town.write(POTHOLE)
    async with open_as(browser, johan) as page:
        await page.goto(f"{town.running.url}/staff/cases/{case}")
        await page.keyboard.press("t")
        await expect(page.locator(".chip.ok")).to_have_text("Öppet, hos Johan Edvall")
        await page.keyboard.press("r")
        await expect(page.locator("#reply")).to_be_focused()
        await page.keyboard.press("Tab")
        await expect(page.locator("#template")).to_be_focused()
        await page.keyboard.press("ArrowDown")
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.locator("#reply")).to_be_focused()
        assert "Vi undersöker det här nu." in await page.input_value("#reply")
        for _ in range(3):
            await page.keyboard.press("Tab")
        await expect(page.locator("#files")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        undo = page.locator(".city-says .undo button")
        await expect(undo).to_be_visible()
        await undo.focus()
        await page.keyboard.press("Enter")
        await expect(page.locator(".city-says")).to_have_count(0)
        tab = page.locator("[role=tab]").first
        await tab.focus()
        await page.keyboard.press("ArrowRight")
        await expect(page.locator("#t-note")).to_be_visible()
        await expect(page.locator("#t-svar")).to_be_hidden()


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (320, "dark")])
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    browser: Browser, town: Town, width: int, scheme: str
) -> None:
    tove = await town.hire("Tove Malmsten", "contact_centre")
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    case = town.write(
        POTHOLE,
        attachments=[{"filename": "plan.pdf", "content": "JVBERi0=", "content_type": "application/pdf"}],
    )
    secret = town.write(POTHOLE)
    johan.post(f"/staff/cases/{case}/note", note="Ring före lunch.")
    johan.post(f"/staff/cases/{case}/answer", answer="Vi lagar det.", seen=johan.seen(case))
    johan.post(f"/staff/cases/{secret}/mark", mark="secret", basis="OSL 26:1")
    options = {"viewport": {"width": width, "height": 900}, "color_scheme": scheme, "bypass_csp": True}
    async with open_as(browser, tove, **options) as page:
        for path in (f"cases/{case}", f"cases/{secret}", "register"):
            await page.goto(f"{town.running.url}/staff/{path}")
            for summary in await page.locator("aside details > summary").all():
                await summary.click()
            assert await fits(page), path
            assert await find_faults(page) == [], path


async def test_somebody_who_calls_is_registered_by_keyboard(browser: Browser, town: Town) -> None:
    tove = await town.hire("Tove Malmsten", "contact_centre")
    alike = town.write(POTHOLE)
    async with open_as(browser, tove, bypass_csp=True) as page:
        await page.goto(f"{town.running.url}/staff/cases/{alike}")
        await page.keyboard.press("n")
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.type("Hål i cykelbanan på Björnövägen, en man ramlade.")
        await expect(page.locator("#look")).to_contain_text("Teknik och fastighet")
        await expect(page.locator("#look")).to_contain_text(alike)
        await page.check("#answer-none")
        await page.locator("#at").press("Tab")
        await page.locator("form#register button.btn").press("Enter")
        await expect(page.locator("h1")).to_have_text("Registrerat")
        await expect(page.locator("h1")).to_be_focused()
        await expect(page.locator(".spell span")).to_have_count(8)
        assert await find_faults(page) == []


async def test_everything_works_without_a_script(browser: Browser, town: Town) -> None:
    johan = await town.hire("Johan Edvall", "department", departments=("teknik",))
    case = town.write(POTHOLE)
    async with open_as(browser, johan, java_script_enabled=False) as page:
        await page.goto(f"{town.running.url}/staff/cases/{case}")
        await page.fill("#note", "En anteckning.")
        await page.click("#t-note button")
        await expect(page.locator(".inside .said")).to_have_text("En anteckning.")
        await page.fill("#reply", "Vi lagar det.")
        await page.click("#t-svar button.btn >> nth=1")
        await expect(page.locator(".city-says .said")).to_have_text("Vi lagar det.")
