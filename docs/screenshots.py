"""Take the pictures in docs/pictures from a running Kvitto: python docs/screenshots.py

Needs what the tests need, and Debian's chromium. Everybody in the pictures is made up.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PICTURES = Path(__file__).parent / "pictures"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--force-device-scale-factor=1", "--hide-scrollbars"]
SIZE = {"width": 620, "height": 980}
TEXT = "Gatlyktan utanför Storgatan 5 har varit släckt sedan i måndags. Det är mycket mörkt på trottoaren."


def find_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serve() -> Iterator[str]:
    """A Kvitto as a newcomer starts it, and its address."""
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
            yield url
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


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with serve() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        take(browser.new_page(viewport=SIZE, locale="sv-SE", reduced_motion="reduce"), url)
        wide = {"width": 1100, "height": 920}
        play(browser.new_page(viewport=wide, locale="sv-SE", reduced_motion="reduce"), url)
        browser.close()


if __name__ == "__main__":
    main()
