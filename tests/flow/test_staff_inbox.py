"""The inbox and the search over real HTTP, and in a real browser: axe, narrow windows, keyboard, script off."""

import asyncio
import os
import re
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from gateway.staff.door import COOKIE, hash_token
from store.database import open_database
from store.ids import new_id
from store.staff import add_member, open_session
from tests.conftest import Answer, Running
from tests.flow.test_front_door import mail, send
from tests.flow.test_pages_browser import ARGUMENTS, CHROMIUM, SPACING, TAGS, WIDTHS

LETTERS = (
    (
        "Åsa Lindh",
        "asa@example.com",
        "Stort potthål på cykelbanan",
        "Hej! Det är ett stort potthål på cykelbanan.",
    ),
    (
        "Bo Ek",
        "bo@example.com",
        "Gatlyktan är trasig",
        "Lyktan vid Storgatan 5 lyser inte. Ring 070-174 06 05.",
    ),
    (
        "Eva Ny",
        "eva@example.com",
        "Elkabel över lekplatsen",
        "En elkabel hänger över lekplatsen, det är fara för livet!",
    ),
    (
        "Ida Ås",
        "ida@example.com",
        "Hemtjänsten kom inte",
        "Mammas hemtjänst kom inte i dag. Hon är 19121212-1212.",
    ),
    ("Pirjo", "pirjo@example.com", "Katuvalo rikki", "Hei, katuvalo on ollut pimeänä jo kaksi viikkoa."),
    ("Per Ö", "per@example.com", "Hej", "Hej hej"),
)
needs_browser = pytest.mark.skipif(
    not CHROMIUM and not os.environ.get("CI"),
    reason="no chromium on this machine: the inbox was not tried in a browser",
)


class Desk(NamedTuple):
    """A Kvitto with a few cases, and the cookies of two who are signed in."""

    running: Running
    centre: str
    department: str

    def get(self, path: str, cookie: str = "") -> Answer:
        return self.running.get(path, cookie=f"{COOKIE}={cookie or self.centre}")

    def post(self, path: str, cookie: str = "", **fields: Any) -> Answer:
        headers = {
            "cookie": f"{COOKIE}={cookie or self.centre}",
            "content-type": "application/x-www-form-urlencoded",
            "sec-fetch-site": "same-origin",
        }
        return self.running.request("POST", path, urlencode(fields, doseq=True).encode(), headers)


def sign_in(running: Running, name: str, *roles: str, boards: tuple[str, ...] = ()) -> str:
    """A member with a session; returns what the cookie holds."""
    token, now = new_id(), datetime.now(UTC)

    async def work() -> None:
        database = open_database(f"sqlite:///{running.folder}/data/kvitto.db")
        member = new_id()
        async with database.transaction() as run:
            await run(
                lambda c: add_member(
                    c,
                    id=member,
                    login=f"{member}@example.org",
                    name=name,
                    password="",
                    subject="",
                    roles=list(roles),
                    boards=list(boards),
                    departments=[],
                    created_at=now,
                    failures=0,
                )
            )
            await run(
                lambda c: open_session(
                    c,
                    id=hash_token(token),
                    member_id=member,
                    made_at=now,
                    seen_at=now,
                    ends_at=now + timedelta(hours=8),
                    checked_at=now,
                    refresh="",
                )
            )
        await database.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(lambda: asyncio.run(work())).result()
    return token


def find(desk: Desk, typed: str, cookie: str = "") -> list[str]:
    """The titles of what a search shows."""
    page = desk.post("/staff/search", cookie, q=typed)
    assert page.status == 200
    return re.findall(r'<a href="/staff/cases/[^>]+>.*?<span[^>]*>([^<]+)</span></a>', page.text)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    running = Running(tmp_path_factory.mktemp("inbox")).start()
    try:
        for at, (name, address, subject, text) in enumerate(LETTERS):
            letter = mail(
                From=f"{name} <{address}>", Subject=subject, Message_ID=f"<i{at}@example.com>", text=text
            )
            send(running, letter, address)
        made = Desk(
            running,
            sign_in(running, "Tove Malmsten", "contact_centre"),
            sign_in(running, "Johan Edvall", "department", boards=("Tekniska nämnden",)),
        )
        until = time.monotonic() + 30
        while not (find(made, "katuvalo") and find(made, "hej")):
            assert time.monotonic() < until, "the follower has not come so far"
            time.sleep(0.2)
        yield made
    finally:
        running.stop()


def test_the_inbox_has_every_case_with_its_count_and_danger_above(desk: Desk) -> None:
    page = desk.get("/staff")
    assert page.status == 200
    assert page.text.count('<li class="row') == len(LETTERS)
    assert 'class="note bad"' in page.text.split('id="rows"')[0]
    assert "19121212" not in page.text
    assert "2-1212" not in page.text
    assert page.headers["cache-control"] == "no-store"


def test_a_department_has_its_own_cases_alone(desk: Desk) -> None:
    text = desk.get("/staff", desk.department).text
    assert "potthål" in text
    assert "emtjänst" not in text
    assert find(desk, "hemtjänst", desk.department) == []


def list_titles(text: str) -> list[str]:
    return re.findall(r'<a href="/staff/cases/[^>]+>.*?<span[^>]*>([^<]+)</span></a>', text)


def test_a_list_is_narrowed_down_and_kept_under_a_name_by_whoever_keeps_it_alone(desk: Desk) -> None:
    narrow = desk.get("/staff?list=open&language=fi")
    assert list_titles(narrow.text) == ["Katuvalo rikki"]
    assert list_titles(desk.get("/staff?list=open&channel=sms").text) == []
    assert list_titles(desk.get("/staff?list=open&department=nowhere").text) == []
    assert desk.get("/staff?list=open&language=%00&after=2026-01-01_%00&channel=%F0").status == 200
    kept = desk.post("/staff/views", name=" På  finska ", query="list=open&language=fi&evil=1&after=x")
    assert list_titles(kept.text) == ["Katuvalo rikki"]
    page = desk.get("/staff").text
    assert 'href="/staff?list=open&amp;language=fi">På finska</a>' in page
    assert "På finska" not in desk.get("/staff", desk.department).text
    desk.post("/staff/views", name="<b>annan</b>", query="list=nothing")
    assert "annan" not in desk.get("/staff").text
    view = re.search(r'name="view" value="(\w+)"', desk.get("/staff?list=open&language=fi").text)
    assert view is not None
    desk.post("/staff/views/remove", desk.department, view=view[1])
    assert "På finska" in desk.get("/staff").text
    desk.post("/staff/views/remove", view=view[1])
    assert "På finska" not in desk.get("/staff").text
    for number in range(20):
        desk.post("/staff/views", name=f"lista {number}", query="list=late")
    assert desk.post("/staff/views", name="en till", query="list=late").status == 422
    for found in range(20):
        assert f"lista {found}" in desk.get("/staff").text


def test_several_cases_are_moved_at_once_and_what_cannot_be_is_named(desk: Desk) -> None:
    def number(title: str) -> str:
        found = re.search(
            r"/staff/cases/([\w-]+)[^>]*>(?:(?!</a>).)*" + title, desk.get("/staff").text, re.DOTALL
        )
        assert found is not None
        return found[1]

    letters = len(
        desk.running.read(
            lambda c: c.exec_driver_sql("SELECT id FROM outbox WHERE purpose IN ('decided', 'moved')").all()
        )
    )
    finnish, short = number("Katuvalo rikki"), number("Hej")
    page = desk.post("/staff/bulk", to="kultur", case=[finnish, short, finnish, "2222-2222", "x"])
    assert "2 ärenden är flyttade" in page.text
    assert "2 ärenden flyttades inte" in page.text
    assert "till var valda" not in page.text
    # Whoever wrote hears of it, each by their own letter.
    assert (
        len(
            desk.running.read(
                lambda c: c.exec_driver_sql(
                    "SELECT id FROM outbox WHERE purpose IN ('decided', 'moved')"
                ).all()
            )
        )
        == letters + 2
    )
    again = desk.post("/staff/bulk", to="kultur", case=[finnish])
    assert "Ärendet finns redan där" in again.text
    # It is another department's now, and was never the technical one's.
    theirs = desk.post("/staff/bulk", desk.department, to="teknik", case=[finnish])
    assert "Inget ärende har det numret" in theirs.text or "flyttades inte" in theirs.text
    assert desk.post("/staff/bulk", to="nowhere", case=[finnish]).status == 422
    assert desk.post("/staff/bulk", to="kultur").status == 422
    crowded = "&".join(f"a{n}=1" for n in range(50))
    assert desk.post("/staff/bulk", to="kc", case=[finnish, short], query=crowded).status == 200


def test_templates_are_offered_in_the_language_in_which_somebody_wrote(desk: Desk) -> None:
    finnish = re.search(
        r"/staff/cases/([\w-]+)[^>]*language=fi", desk.get("/staff?list=open&language=fi").text
    )
    number = finnish or re.search(
        r'/staff/cases/([\w-]+)"?[?]', desk.get("/staff?list=open&language=fi").text
    )
    assert number is not None
    page = desk.get(f"/staff/cases/{number[1]}").text
    assert "Kiitos viestistäsi" in page
    assert re.search(r"viimeistään \w+na \d+\. \w+ta", page)
    assert "Tack för att du skriver" not in page


def test_two_people_on_one_case_see_each_other_and_nobody_else_does(desk: Desk) -> None:
    mine = re.search(r"/staff/cases/([\w-]+)", desk.get("/staff", desk.department).text)
    assert mine is not None
    place = f"/staff/cases/{mine[1]}/presence"
    assert '"said":""' in desk.post(place).text
    assert "Tove Malmsten läser också" in desk.post(place, desk.department, writes="1").text
    assert "Johan Edvall skriver" in desk.post(place).text
    everything = set(re.findall(r"/staff/cases/([\w-]+)", desk.get("/staff").text))
    own = set(re.findall(r"/staff/cases/([\w-]+)", desk.get("/staff", desk.department).text))
    for foreign in everything - own:
        assert desk.post(f"/staff/cases/{foreign}/presence", desk.department).status == 404
    forgotten = sqlite3.connect(desk.running.folder / "data/kvitto.db", timeout=30)
    with forgotten:
        forgotten.execute("UPDATE presence SET until = '2026-01-01T00:00:00.000000+00:00'")
    forgotten.close()
    assert '"said":""' in desk.post(place).text


def test_nobody_comes_in_without_a_session(desk: Desk) -> None:
    for path in ("/staff", "/staff/stream"):
        assert "potthål" not in (answer := desk.running.get(path)).text
        assert answer.status != 200


def test_the_search_finds_forms_parts_numbers_and_people(desk: Desk) -> None:
    assert find(desk, "potthålen") == ["Stort potthål på cykelbanan"]
    assert find(desk, "bana") == ["Stort potthål på cykelbanan"]
    assert find(desk, "asa lindh") == ["Stort potthål på cykelbanan"]
    assert find(desk, "+46701740605") == ["Gatlyktan är trasig"]
    assert find(desk, "finnsinte") == []
    reference = re.search(r"/staff/cases/([\w-]+)", desk.post("/staff/search", q="katuvalo").text)
    assert reference is not None
    assert find(desk, reference[1].lower().replace("-", " ")) == ["Katuvalo rikki"]


def test_what_was_searched_for_is_in_no_log(desk: Desk) -> None:
    assert find(desk, "ettmycketegetord") == []
    assert "ettmycketegetord" not in desk.running.log


@pytest.mark.parametrize(
    "hostile", ["'\"*:&|!()\\", "\x00", "½", "a" * 30_000, "NEAR(a b)", "\ud83d\ude00 ä̈"]
)
def test_no_question_breaks_the_search(desk: Desk, hostile: str) -> None:
    fields = urlencode({"q": hostile.encode("utf-8", "surrogatepass")}).encode()
    headers = {"cookie": f"{COOKIE}={desk.centre}", "sec-fetch-site": "same-origin"}
    assert desk.running.request("POST", "/staff/search", fields, headers).status == 200


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM or None, args=ARGUMENTS)
        yield started
        started.close()


def open_page(browser: Browser, desk: Desk, width: int, **more: Any) -> Page:
    context = browser.new_context(viewport={"width": width, "height": 900}, **more)
    context.add_cookies([{"name": COOKIE, "value": desk.centre, "url": desk.running.url}])
    page = context.new_page()
    page.goto(f"{desk.running.url}/staff")
    return page


def keep(page: Page, name: str) -> None:
    """Set KVITTO_PICTURES to a folder to look at the pages."""
    if folder := os.environ.get("KVITTO_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def check(page: Page) -> None:
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": TAGS}})
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0


@needs_browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_the_inbox_and_the_search_pass_axe_and_fit(
    desk: Desk, browser: Browser, width: int, scheme: str
) -> None:
    page = open_page(browser, desk, width, color_scheme=scheme)
    keep(page, f"inbox-{width}-{scheme}")
    check(page)
    page.fill("#q", "hål")
    page.press("#q", "Enter")
    page.wait_for_selector("#rows")
    keep(page, f"search-{width}-{scheme}")
    check(page)
    if width == 320:
        page.go_back()
        page.add_style_tag(content=SPACING) if scheme == "none" else None
    page.context.close()


@needs_browser
def test_the_inbox_is_worked_by_keyboard(desk: Desk, browser: Browser) -> None:
    page = open_page(browser, desk, 1440)
    first = page.locator("#rows .row > a").first
    page.keyboard.press("j")
    assert first.evaluate("e => e === document.activeElement")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert first.evaluate("e => e === document.activeElement")
    page.keyboard.press("/")
    page.keyboard.type("jk?")
    assert page.input_value("#q") == "jk?"
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    assert page.locator("#keys").evaluate("e => e.open")
    page.keyboard.press("Escape")
    page.context.close()


@needs_browser
def test_cases_are_picked_and_moved_and_colleagues_seen_in_a_browser(desk: Desk, browser: Browser) -> None:
    page = open_page(browser, desk, 1440)
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("#picked").inner_text().strip() == "(2)"
    page.locator("details.filter summary").click()
    keep(page, "bulk")
    check(page)
    page.select_option("#bulk-to", "kultur")
    page.locator("#bulk button").click()
    page.get_by_text("2 ärenden är flyttade").wait_for()
    keep(page, "bulk-done")
    check(page)
    page.context.close()

    mine = re.search(r"/staff/cases/[\w-]+", desk.get("/staff", desk.department).text)
    assert mine is not None
    one = open_page(browser, desk, 1100)
    two = browser.new_context()
    two.add_cookies([{"name": COOKIE, "value": desk.department, "url": desk.running.url}])
    other = two.new_page()
    other.goto(desk.running.url + mine[0])
    other.fill("#reply", "Hej!")
    other.wait_for_timeout(200)
    one.goto(desk.running.url + mine[0])
    one.get_by_text("Johan Edvall").first.wait_for(timeout=20_000)
    keep(one, "presence")
    check(one)
    other.fill("#reply", "")
    two.close()
    one.context.close()


@needs_browser
def test_the_inbox_works_without_script(desk: Desk, browser: Browser) -> None:
    page = open_page(browser, desk, 360, java_script_enabled=False)
    page.fill("#q", "katuvalo")
    page.press("#q", "Enter")
    assert "Katuvalo" in page.locator("#rows").inner_text()
    page.context.close()


@needs_browser
def test_news_are_told_and_the_list_stays_until_they_are_wanted(desk: Desk, browser: Browser) -> None:
    page = open_page(browser, desk, 1440)
    before = page.locator("#rows .row").count()
    letter = mail(
        Subject="Nytt ärende om snö", Message_ID=f"<{new_id()}@example.com>", text="Snön ligger kvar."
    )
    send(desk.running, letter)
    button = page.locator("#news button")
    button.wait_for(state="visible", timeout=20_000)
    assert page.locator("#rows .row").count() == before
    button.click()
    page.wait_for_function("n => document.querySelectorAll('#rows .row').length > n", arg=before)
    page.context.close()
