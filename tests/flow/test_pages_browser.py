"""The pages in a real browser: axe, reflow, keyboard, script off, review and sending. Loopback only."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from pathlib import Path
from threading import Thread
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from channels.form import FieldError
from config.page_texts import load_page_texts
from gateway.letters.receipts import Receipt
from gateway.promise import STOCKHOLM
from gateway.web.pages import PAGE_POLICY, POSTBOX_MAIL_POLICY, Pages, PostboxMail
from gateway.web.status_page import Happening, Status, write_status_page
from normalizer.organisation import Department, Helpline, Organisation

CHROMIUM = next(
    (path for path in ("/usr/bin/chromium", shutil.which("chromium")) if path and Path(path).exists()), ""
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1440, 900, 360, 320)
DUE = date(2026, 11, 26)
# A picture of one dot, red.
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63f8cfc0f01f00"
    "05000201a5f6459b0000000049454e44ae426082"
)
# WCAG 1.4.12, set as a reader would
SPACING = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }"
)

# One browser for the whole module: starting it costs more than most of the tests.
pytestmark = [
    pytest.mark.asyncio(loop_scope="module"),
    pytest.mark.skipif(
        not CHROMIUM and not os.environ.get("CI"),
        reason="no chromium on this machine: the pages were not tried in a browser",
    ),
]


def department(key: str, **names: str) -> Department:
    return Department(key=key, names=names, short_names=names, boards=("tekniska nämnden",))


CITY = Organisation(
    names={"sv": "Exempelstads kommun", "fi": "Esimerkkikaupunki", "en": "City of Exempelstad"},
    languages=("sv", "fi", "en"),
    fallback="kc",
    departments={
        "kc": department("kc", sv="Kontaktcenter", fi="Yhteyskeskus", en="Contact Centre"),
        "teknik": department("teknik", sv="Teknik- och fastighetsförvaltningen"),
        "buss": Department(
            key="buss",
            body="outside",
            names={"sv": "Regionens bussar"},
            short_names={"sv": "Bussar"},
            contact={"sv": "08-465 004 40"},
        ),
    },
    rules=(),
    phone="08-465 004 10",
    hours={"sv": "Måndag till fredag 8–16.30"},
    visit={"sv": "Storgatan 40"},
    privacy_url="https://example.org/personuppgifter",
    helplines={
        key: Helpline(number=number, hours={"sv": "dygnet runt"})
        for key, number in (("oncall", "08-465 004 60"), ("suicide", "90101"), ("children", "116 111"))
    },
)
PAGES = Pages(CITY, load_page_texts())
MAIL = PostboxMail(
    id="1",
    to="amina@example.org",
    subject="Vi har fått ditt meddelande (7K4M-9QXT)",
    sent_at=datetime(2026, 11, 24, 8, 41, tzinfo=UTC),
    headers=(("Message-ID", f"<{'0' * 80}@example.org>"), ("Auto-Submitted", "auto-replied")),
    text="Hej!\n\nVi har fått ditt meddelande.",
    html='<html lang="sv"><title>Kvitto</title><body style="color:#0b4453"><h1>Hej!</h1></body></html>',
)
ERRORS = (
    FieldError(field="text", key="text_missing"),
    FieldError(field="kind", key="kind_unknown"),
    FieldError(field="files", key="file_large", params={"name": "ett_långt_filnamn_utan_mellanslag.jpeg"}),
    FieldError(field="how", key="anon_contact"),
    FieldError(field="mail", key="mail_malformed"),
)


CASE = Status(
    reference="7K4M-9QXT",
    received_at=datetime(2026, 11, 24, 9, 41, 7, tzinfo=STOCKHOLM),
    channel="form",
    state="waiting",
    quiet=False,
    department="teknik",
    due=DUE,
    answer_to="a***a@e***.org",
    anonymous=False,
    happened=(
        Happening(key="received", at=datetime(2026, 11, 24, 8, 41, tzinfo=UTC)),
        Happening(key="moved", at=datetime(2026, 11, 24, 9, 41, tzinfo=UTC), department="teknik"),
    ),
)


def receipt(language: str, variant: str, department: str = "", **more) -> str:
    told = Receipt(
        reference="7K4M-9QXT",
        received_at=datetime(2026, 11, 24, 8, 41, 7, tzinfo=UTC),
        channel="form",
        language=language,
        variant=variant,
        due=DUE,
        department=department,
        **more,
    )
    shown = "" if told.anonymous else "a***a@e***.org"
    return PAGES.receipt(language, told, mail_shown=shown, here="/s/x?new&", follow="/s/x")


def every_state(language: str) -> Mapping[str, str]:
    form = {"token": "t" * 24, "due": DUE}
    return {
        "form": PAGES.form(language, **form),
        "errors": PAGES.form(language, **form, errors=ERRORS, files_lost=True),
        "busy": PAGES.busy(language, **form, values={"text": "Ett hål"}),
        "named": receipt(language, "named", "teknik", attachments=2),
        "unsure": receipt(language, "unsure"),
        "neutral": receipt(language, "neutral"),
        "outside": receipt(language, "outside", "buss"),
        "added": receipt(language, "added", "teknik"),
        "danger": receipt(language, "danger"),
        "suicide": receipt(language, "suicide"),
        "appeal": receipt(language, "appeal"),
        "anonymous": receipt(language, "named", anonymous=True),
        "problem": PAGES.problem(language, 500, "failed"),
        "status": write_status_page(PAGES, language, CASE, here="/s/x", token="t" * 24, added=True),
        "status-errors": write_status_page(
            PAGES, language, CASE, here="/s/x", token="t" * 24, errors=ERRORS[:1]
        ),
        "postbox": PAGES.postbox(language, [MAIL], smtp_port=8025),
        "postbox-empty": PAGES.postbox(language, [], smtp_port=8025),
        "postbox-mail": PAGES.postbox_mail(language, MAIL),
    }


@dataclass
class City:
    """A server that knows the rendered pages, keeps what is posted, and answers as it is told."""

    url: str = ""
    answers: list[tuple[int, str]] = field(default_factory=list)
    # what the next posts are answered with
    posts: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    city: City
    pages: Mapping[str, str]

    def log_message(self, *_):
        pass

    def do_GET(self):
        path = urlsplit(self.path).path
        self.city.asked.append(path)
        if path.startswith("/static/"):
            name = path.removeprefix("/static/")
            kind = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}[name.split(".")[1]]
            self._answer(200, files("gateway.web").joinpath("static", name).read_bytes(), kind)
        else:
            language = self.path.partition("lang=")[2] or "sv"
            page = PAGES.form(language, token="t" * 24, due=DUE) if path == "/" else self.pages.get(path, "")
            self._answer(200 if page else 404, page.encode())

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        self.city.posts.append(body.decode("utf-8", "replace"))
        status, page = self.city.answers.pop(0)
        self._answer(status, page.encode())

    def _answer(self, status: int, body: bytes, kind: str = "text/html; charset=utf-8"):
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        one_mail = self.path.endswith("postbox-mail")
        self.send_header("content-security-policy", POSTBOX_MAIL_POLICY if one_mail else PAGE_POLICY)
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def city() -> Iterator[City]:
    pages = {
        f"/{language}/{name}": page
        for language in CITY.languages
        for name, page in every_state(language).items()
    }
    city = City()
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Handler", (Handler,), {"city": city, "pages": pages})
    )
    city.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield city
    server.shutdown()
    server.server_close()
    thread.join()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    assert CHROMIUM, "CI is set but there is no chromium: the pages must be tried in a browser"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@asynccontextmanager
async def open_page(browser: Browser, **options) -> AsyncIterator[Page]:
    """A page that fails the test when its script fails or its policy stops something."""
    complaints = []
    context = await browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    # An answer that is no success is told on the console too: that is not a fault of the page.
    page.on(
        "console",
        lambda line: (
            complaints.append(line.text)
            if line.type in ("error", "warning") and "Failed to load resource" not in line.text
            else None
        ),
    )
    yield page
    await context.close()
    assert complaints == []


async def find_violations(page: Page) -> list[str]:
    options = {"runOnly": TAGS, "resultTypes": ["violations"]}
    found = await Axe().run(page, options=options)
    return [
        f"{violation['id']}: {node['html'][:160]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


async def fits(page: Page) -> bool:
    return await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def focused(page: Page) -> str:
    return await page.evaluate("document.activeElement.id || document.activeElement.className")


async def fill(page: Page, text: str = "Det är ett hål i vägen.") -> None:
    await page.fill("#text", text)
    await page.fill("#mail", "amina@example.org")


@pytest.mark.parametrize("name", list(every_state("sv")))
async def test_axe_finds_nothing_and_nothing_scrolls_sideways(browser: Browser, city: City, name: str):
    async with open_page(browser, reduced_motion="reduce") as page:
        # Contrast hangs on the theme, room on width and language: three looks meet all of them.
        looks = [("sv", 1440, "light"), ("fi", 320, "dark"), ("en", 900, "light")]
        if name in {"form", "errors"}:
            looks += [("en", 1440, "dark"), ("fi", 360, "light")]
        for language, width, theme in looks:
            await page.emulate_media(color_scheme=theme)
            await page.set_viewport_size({"width": width, "height": 900})
            await page.goto(f"{city.url}/{language}/{name}")
            assert await find_violations(page) == [], (language, width, theme)
            for narrower in WIDTHS:
                await page.set_viewport_size({"width": narrower, "height": 900})
                assert await fits(page), (language, narrower)
    assert {path for path in city.asked if path.endswith((".css", ".js"))} <= {
        "/static/kvitto.css",
        "/static/kvitto.js",
        "/static/postbox.css",
    }


async def test_every_page_fits_320_pixels_also_with_wider_text_spacing(browser: Browser, city: City):
    async with open_page(browser, viewport={"width": 320, "height": 800}, bypass_csp=True) as page:
        # The two with the longest words.
        for language in ("sv", "fi"):
            for name in every_state(language):
                await page.goto(f"{city.url}/{language}/{name}")
                assert await fits(page), (language, name)
                await page.add_style_tag(content=SPACING)
                assert await fits(page), (language, name, "spaced")


async def test_a_mistake_is_found_named_and_mended_by_keyboard_alone(browser: Browser, city: City):
    async with open_page(browser) as page:
        await page.goto(city.url)
        await page.focus("#send")
        await page.keyboard.press("Enter")
        assert await focused(page) == "errors"
        assert await page.title() == "Fel: Skriv till oss – Exempelstads kommun"
        assert await page.locator("#errors li").all_inner_texts() == [
            "Skriv vad du vill berätta",
            "Skriv din e-post, eller välj att vara anonym",
        ]
        assert await find_violations(page) == []
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        assert await focused(page) == "text"
        await page.keyboard.type("Ett hål.")
        await page.focus("#errors a >> nth=1")
        await page.keyboard.press("Enter")
        assert await focused(page) == "mail"
        await expect(page.locator("#mail")).to_have_accessible_description(
            "Fel: Skriv din e-post, eller välj att vara anonym"
        )
        await page.keyboard.type("amina@example.org")
        await page.keyboard.press("Enter")
        assert await focused(page) == "review-h"
        assert await page.locator(".error, [aria-invalid]").count() == 0
        assert city.posts == []


async def test_the_tab_order_is_the_reading_order(browser: Browser, city: City):
    async with open_page(browser) as page:
        await page.goto(city.url)
        seen = []
        while (await page.keyboard.press("Tab")) is None and len(seen) < 40:
            here = await page.evaluate("[document.activeElement.tagName, document.activeElement.id]")
            if here[0] == "BODY":
                break
            seen.append(here[1] or here[0])
        assert seen[:2] == ["A", "A"]
        controls = [name for name in seen if name not in {"A", "SUMMARY"}]
        expected = [
            "text",
            "kind-fraga",
            "place",
            "when",
            "files",
            "how-mail",
            "mail",
            "name",
            "lang",
            "send",
        ]
        # The radio group without a choice is one stop in some browsers and six in others.
        assert [name for name in controls if not name.startswith("kind-") or name == "kind-fraga"] == expected


async def test_a_review_comes_before_anything_leaves_and_back_keeps_the_text(browser: Browser, city: City):
    async with open_page(browser) as page:
        await page.goto(city.url)
        await fill(page, "Rad ett\nRad två <b>")
        await page.check("#kind-fel")
        picture = {"name": "hål.png", "mimeType": "image/png", "buffer": PNG}
        await page.set_input_files("#files", [picture])
        await page.click("#send")
        review = await page.locator("#review-list").inner_text()
        for shown in ("Rad ett\nRad två <b>", "Fel eller skada", "hål.png", "amina@example.org", "Svenska"):
            assert shown in review
        assert await find_violations(page) == []
        await page.go_back()
        await expect(page.locator("#form")).to_be_visible()
        assert await page.input_value("#text") == "Rad ett\nRad två <b>"
        await page.click("#send")
        await page.click("#back")
        await expect(page.locator("#text")).to_be_focused()
        assert await page.locator("#chosen li").count() == 1
        assert city.posts == []


async def test_sending_twice_is_one_post_with_everything_and_ends_on_the_receipt(
    browser: Browser, city: City
):
    city.answers = [(200, receipt("sv", "named", "teknik", attachments=1))]
    async with open_page(browser) as page:
        await page.goto(city.url)
        await fill(page)
        files = [{"name": "hål.png", "mimeType": "image/png", "buffer": PNG}]
        await page.set_input_files("#files", files)
        await page.click("#send")
        await page.evaluate("var b = document.getElementById('really'); b.click(); b.click();")
        await expect(page.locator("#got")).to_be_focused()
        assert await page.locator("#no").inner_text() == "7K4M-9QXT"
        assert await find_violations(page) == []
        await page.go_back()
        await expect(page.locator("#form")).to_be_visible()
        assert await page.input_value("#text") == ""
    (post,) = city.posts
    for part in (
        'name="token"',
        "t" * 24,
        "Det är ett hål i vägen.",
        'filename="hål.png"',
        "amina@example.org",
    ):
        assert part in post


async def test_anonymous_empties_and_silences_mail_and_name(browser: Browser, city: City):
    city.answers = [(200, receipt("sv", "named", anonymous=True))]
    async with open_page(browser) as page:
        await page.goto(city.url)
        await fill(page)
        await page.fill("#name", "Amina")
        await page.check("#how-anon")
        await expect(page.locator("#contact")).to_be_hidden()
        await page.click("#send")
        assert "amina" not in (await page.locator("#review-list").inner_text()).lower()
        await page.click("#really")
        await expect(page.locator("#got")).to_be_visible()
    (post,) = city.posts
    assert "amina" not in post.lower()
    assert 'name="mail"' not in post
    assert 'name="name"' not in post


async def test_what_the_server_refuses_is_shown_in_the_same_form_with_its_files(browser: Browser, city: City):
    refused = PAGES.form(
        "sv",
        token="n" * 24,
        due=DUE,
        errors=[FieldError(field="mail", key="mail_malformed"), FieldError(field="how", key="how_unknown")],
    )
    busy = PAGES.busy("sv", token="n" * 24, due=DUE)
    broken = PAGES.problem("sv", 500, "failed_not_sent")
    city.answers = [(422, refused), (503, busy), (500, broken), (502, "<p>proxy</p>")]
    async with open_page(browser) as page:
        await page.goto(city.url)
        await fill(page)
        files = [{"name": "hål.png", "mimeType": "image/png", "buffer": PNG}]
        await page.set_input_files("#files", files)

        async def send() -> None:
            await page.click("#send")
            await page.click("#really")

        await send()
        await expect(page.locator("#errors a")).to_have_count(2)
        assert await focused(page) == "errors"
        assert await page.locator(".error").count() == 2
        assert await page.locator("#chosen li").count() == 1
        assert await page.input_value("[name=token]") == "n" * 24
        assert await find_violations(page) == []
        await send()
        await expect(page.locator("#errors")).to_contain_text("Ditt meddelande är inte skickat")
        await expect(page.locator("#errors")).to_contain_text("08-465 004 10")
        assert await page.input_value("#text") == "Det är ett hål i vägen."
        await send()
        await expect(page.locator("#sending [role=alert]")).to_contain_text("inte skickat")
        await page.click("#really")
        await expect(page.locator("#sending [role=alert]")).to_contain_text("Texten är kvar här")
        assert await find_violations(page) == []
        await page.context.set_offline(True)
        await page.click("#really")
        await expect(page.locator("#sending [role=alert]")).to_contain_text("Vi når inte nätet")
    assert all('filename="hål.png"' in post for post in city.posts)


async def test_too_large_and_too_many_files_are_told_before_anything_is_sent(
    browser: Browser, city: City, tmp_path: Path
):
    for name, size in (("stor.pdf", 10_000_001), *((f"liten{number}.pdf", 9) for number in range(5))):
        (tmp_path / name).write_bytes(b"0" * size)
    async with open_page(browser, viewport={"width": 320, "height": 800}) as page:
        await page.goto(city.url)
        await fill(page)
        await page.set_input_files("#files", sorted(tmp_path.iterdir(), reverse=True))
        await expect(page.locator("#live")).to_have_text("Ta bort filer. Du kan skicka högst 5")
        assert await find_violations(page) == []
        await page.click("#send")
        assert await page.locator("#errors li").count() == 2
        assert await fits(page)
        await page.click("#chosen li:first-child button")
        await expect(page.locator("#files")).to_be_focused()
        await page.click("#send")
        await expect(page.locator("#review")).to_be_visible()
        assert city.posts == []


async def test_a_change_of_language_carries_what_was_written(browser: Browser, city: City):
    async with open_page(browser) as page:
        await page.goto(city.url)
        await fill(page)
        await page.check("#kind-berom")
        await page.click("[hreflang=fi]")
        await expect(page.locator("h1")).to_have_text("Kirjoita meille")
        # The script puts it back once the page is there.
        await expect(page.locator("#text")).to_have_value("Det är ett hål i vägen.")
        assert await page.input_value("#mail") == "amina@example.org"
        assert await page.is_checked("#kind-berom")
        assert await page.input_value("#lang") == "fi"
        assert await page.evaluate("sessionStorage.length") == 0


async def test_everything_works_with_the_script_off(browser: Browser, city: City):
    city.answers = [(422, every_state("sv")["errors"]), (200, receipt("sv", "unsure"))]
    async with open_page(browser, java_script_enabled=False) as page:
        await page.goto(city.url)
        for name in ("#text", "#mail", "#name", "#files", "label[for=files]"):
            await expect(page.locator(name)).to_be_visible()
        assert await page.locator("#send").inner_text() == "Skicka"
        await page.click("#send")
        await expect(page.locator("#errors")).to_be_visible()
        await expect(page.locator("#text-error")).to_be_visible()
        await page.fill("#text", "Ett hål.")
        await page.click("#send")
        assert await page.locator("#no").inner_text() == "7K4M-9QXT"
        await expect(page.locator("#copy")).to_be_hidden()
    assert len(city.posts) == 2


async def test_a_printed_receipt_carries_sender_number_date_and_phone(browser: Browser, city: City):
    async with open_page(browser) as page:
        await page.goto(f"{city.url}/sv/named")
        await page.emulate_media(media="print", color_scheme="dark")
        for shown in (".city", "#no", ".stamp", ".leaf", ".who", ".help .big"):
            await expect(page.locator(shown)).to_be_visible()
        for gone in (".foot", "#print", "#copy"):
            await expect(page.locator(gone)).to_be_hidden()
        ground = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert ground == "rgb(255, 255, 255)"


async def test_focus_and_choice_show_in_forced_colours(browser: Browser, city: City):
    async with open_page(browser, forced_colors="active") as page:
        await page.goto(city.url)
        await page.focus("#how-anon")
        await page.keyboard.press("Space")
        style = await page.evaluate(
            "(() => { const s = getComputedStyle(document.querySelector('#how-anon + label'));"
            " return [s.outlineStyle, s.outlineWidth, s.borderTopWidth]; })()"
        )
        assert style == ["solid", "3px", "3px"]
        assert await find_violations(page) == []
