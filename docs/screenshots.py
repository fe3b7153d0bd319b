"""Take the pictures in docs/pictures from a running Kvitto: python docs/screenshots.py

Needs what the tests need, and Debian's chromium. Everybody in the pictures is made up.
"""

import os
import secrets
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--force-device-scale-factor=1", "--hide-scrollbars"]
SIZE = {"width": 620, "height": 980}
TEXT = "Gatlyktan utanför Storgatan 5 har varit släckt sedan i måndags. Det är mycket mörkt på trottoaren."


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


LETTERS = (
    ("Pirjo Lahtinen", "Katuvalo rikki", "Hei, katuvalo on ollut pimeänä jo kaksi viikkoa, ja lapset kävelevät siitä kouluun."),
    ("Amina Warsame", "Stort hål i cykelbanan", "Hej! Det är ett stort hål i cykelbanan på Björnövägen, precis efter busskuren. Min dotter cyklade omkull där i morse. Kan ni laga det snart?"),
    ("Ebba Nyqvist", "Behöver jag bygglov för en altan?", "Vi tänker bygga en altan på 30 kvadratmeter mot gatan i Rönnby."),
    ("Gunnel Sjöström", "Plogvallen vid Rönnby torg", "Plogvallen ligger över övergångsstället, och jag kommer inte fram med rullatorn."),
    ("Karin Holm", "Vart vänder jag mig", "Jag undrar vem som kan hjälpa mig med en sak om mammas hus."),
    ("Siv Ask", "Beröm till biblioteket", "Personalen på stadsbiblioteket hjälpte mig i två timmar. Tack!"),
    ("Omar Haddad", "Elkabel över lekplatsen", "En elkabel hänger ner över lekplatsen vid Skallberget, barnen leker där nu!"),
)  # fmt: skip
"""Who writes in the pictures of the inbox."""


@contextmanager
def serve() -> Iterator[tuple[str, int]]:
    """A Kvitto as a newcomer starts it: its address, and its port for mail."""
    web, smtp = find_port(), find_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "KVITTO_WEB__PORT": str(web), "KVITTO_EMAIL__PORT": str(smtp)}
        process = subprocess.Popen(  # our own program
            [sys.executable, "-m", "gateway", "serve"],
            cwd=folder,
            env={**environment, "PYTHONPATH": str(PICTURES.parent.parent)},
            stderr=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{web}"
            wait(url)
            yield url, smtp
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def wait(url: str) -> None:
    for _ in range(400):
        try:
            urllib.request.urlopen(f"{url}/health/live", timeout=5).close()  # noqa: S310  # our own program
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("Kvitto did not start.")


def take(page: Page, url: str) -> None:
    """One resident's way: the form, the receipt on the page, the receipt as a mail."""
    page.goto(f"{url}/?lang=sv")
    page.fill("#text", TEXT)
    page.check("#kind-fel", force=True)
    page.check("#how-mail", force=True)
    page.fill("#place", "Storgatan 5")
    page.fill("#mail", "anna@example.com")
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.screenshot(path=PICTURES / "form.png")
    page.click("#send")
    page.click("#really")
    page.wait_for_selector("#no")
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.screenshot(path=PICTURES / "receipt.png")
    page.goto(f"{url}/postbox?lang=sv")
    page.click("main a[href*='/postbox/']")
    page.set_content(page.locator("iframe").get_attribute("srcdoc") or "")
    page.screenshot(path=PICTURES / "mail.png")


def play(page: Page, url: str) -> None:
    """The playground, after a text message."""
    page.goto(f"{url}/playground?lang=sv&via=sms")
    page.click("#send")
    page.wait_for_selector(".under.ok")
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.screenshot(path=PICTURES / "playground.png")


def write_letters(port: int) -> None:
    """Mails of several residents, by SMTP as they come."""
    for number, (name, subject, text) in enumerate(LETTERS):
        mail = EmailMessage()
        mail["From"], mail["To"] = f"{name} <person{number}@example.com>", "kontakt@example.org"
        mail["Subject"], mail["Message-ID"] = subject, f"<{secrets.token_hex(8)}@example.com>"
        mail.set_content(f"{text}\n\nMed vänlig hälsning\n{name}\n")
        with smtplib.SMTP("127.0.0.1", port) as line:
            line.send_message(mail)


def keep(page: Page, name: str, *, whole: bool = False) -> None:
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    page.wait_for_timeout(200)
    page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)


def work(browser: Browser, url: str) -> None:
    """The staff's pages, as the contact centre sees them."""
    page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="sv-SE", reduced_motion="reduce")
    page.goto(f"{url}/staff/sign-in")
    page.set_viewport_size({"width": 760, "height": 640})
    keep(page, "staff-sign-in")
    page.click("form[action$='/demo/kontakt'] button")
    page.set_viewport_size({"width": 1220, "height": 570})
    page.click("text=Stort hål i cykelbanan")
    page.wait_for_selector(".pane .talk")
    keep(page, "staff-inbox")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.set_viewport_size({"width": 1000, "height": 900})
    keep(page, "staff-bulk")
    page.fill("#q", "bygglov")
    page.wait_for_timeout(3000)  # the search takes new cases up within seconds
    page.press("#q", "Enter")
    page.wait_for_selector("main.found #rows")
    page.set_viewport_size({"width": 1000, "height": 420})
    keep(page, "staff-search")
    page.set_viewport_size({"width": 1040, "height": 840})
    page.goto(f"{url}/staff?list=open")
    link = page.locator("#rows .row > a", has_text="Stort hål i cykelbanan").get_attribute("href")
    page.goto(f"{url}{link}")
    page.fill(
        "#reply", "Hej Amina! Tack för att du skrev. Vi lagar hålet på torsdag och spärrar av det i dag."
    )
    keep(page, "staff-case")
    page.evaluate("document.querySelector('#reply').value = ''")
    page.goto(f"{url}/staff/register")
    page.set_viewport_size({"width": 1000, "height": 900})
    keep(page, "staff-register", whole=True)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{url}/staff")
    keep(page, "staff-phone")
    page.close()


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with serve() as (url, smtp), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        take(browser.new_page(viewport=SIZE, locale="sv-SE", reduced_motion="reduce"), url)
        wide = {"width": 1100, "height": 920}
        play(browser.new_page(viewport=wide, locale="sv-SE", reduced_motion="reduce"), url)
        write_letters(smtp)
        work(browser, url)
        browser.close()


if __name__ == "__main__":
    main()
