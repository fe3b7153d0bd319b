"""A real Dovecot on loopback, in a folder of its own, and a second client that works in the same mailboxes."""

import imaplib
import os
import pwd
import shutil
import signal
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tests.conftest import free_port, need

PASSWORD = "fyra-sma-grisar"

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
default_login_user = {login_user}
default_internal_user = {internal_user}
default_internal_group = {internal_group}
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2 oauthbearer
mail_location = maildir:%h/Maildir
mail_uid = {mail_user}
mail_gid = {mail_group}
first_valid_uid = 1
mail_fsync = never
imap_hibernate_timeout = 0
mail_max_userip_connections = 50
{more}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {plain_port}
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
{oauth}
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = home={folder}/homes/%u
}}
"""

OAUTH = """
passdb {{
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = {folder}/oauth2.conf
}}
"""


class Dovecot:
    """The server. `more` is further configuration; `introspect` a URL that knows access tokens."""

    def __init__(
        self, folder: Path, certificate: tuple[Path, Path], *, more: str = "", introspect: str = ""
    ) -> None:
        self.folder = folder
        self.port, self.plain_port = free_port(), free_port()
        self.certificate = folder / "certificate.pem"
        shutil.copy(certificate[0], self.certificate)
        shutil.copy(certificate[1], folder / "key.pem")
        me = pwd.getpwuid(os.getuid()).pw_name
        root = os.getuid() == 0
        for name in ("run", "state", "homes"):
            (folder / name).mkdir()
        (folder / "homes").chmod(0o777)
        if introspect:
            (folder / "oauth2.conf").write_text(
                f"introspection_url = {introspect}\nintrospection_mode = post\nusername_attribute = user\n"
                "active_attribute = active\nactive_value = true\n"
            )
        text = CONFIG.format(
            folder=folder,
            login_user="dovenull" if root else me,
            internal_user="dovecot" if root else me,
            internal_group="dovecot" if root else str(os.getgid()),
            mail_user="nobody" if root else me,
            mail_group="nogroup" if root else str(os.getgid()),
            certificate=self.certificate,
            key=folder / "key.pem",
            port=self.port,
            plain_port=self.plain_port,
            password=PASSWORD,
            more=more,
            oauth=OAUTH.format(folder=folder) if introspect else "",
        )
        (folder / "dovecot.conf").write_text(text)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text() if (self.folder / "log").exists() else ""

    def start(self) -> None:
        self.process = subprocess.Popen(
            [need("dovecot"), "-F", "-c", str(self.folder / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(200):
            try:
                with self.client("probe@example.org"):
                    return
            except (OSError, imaplib.IMAP4.error):
                assert self.process.poll() is None, self.log
                time.sleep(0.05)
        raise RuntimeError(f"Dovecot did not open:\n{self.log}")

    def stop(self) -> None:
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)

    def kick(self, user: str) -> None:
        """End all connections of a user."""
        subprocess.run(
            [need("doveadm"), "-c", str(self.folder / "dovecot.conf"), "kick", user],
            check=True,
            capture_output=True,
            timeout=20,
        )

    @contextmanager
    def client(self, user: str) -> Iterator[imaplib.IMAP4_SSL]:
        """Another program in the same mailbox."""
        context = ssl.create_default_context(cafile=str(self.certificate))
        connection = imaplib.IMAP4_SSL("localhost", self.port, ssl_context=context, timeout=20)
        connection.login(user, PASSWORD)
        try:
            yield connection
        finally:
            connection.logout()

    def put(
        self, user: str, mails: Sequence[bytes], folder: str = "INBOX", when: datetime | None = None
    ) -> None:
        """Deliver mails."""
        date = imaplib.Time2Internaldate(when) if when else None
        with self.client(user) as client:
            for mail in mails:
                answer = client.append(folder, None, date, mail)
                assert answer[0] == "OK", answer

    def count(self, user: str, folder: str = "INBOX") -> int:
        with self.client(user) as client:
            status, data = client.select(folder, readonly=True)
            return int(data[0]) if status == "OK" else -1


@contextmanager
def run_dovecot(certificate: tuple[Path, Path], *, more: str = "", introspect: str = "") -> Iterator[Dovecot]:
    need("dovecot")
    with tempfile.TemporaryDirectory(prefix="kvitto-dovecot-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Dovecot(folder, certificate, more=more, introspect=introspect)
        try:
            server.start()
            yield server
        finally:
            if server.process is not None:
                server.stop()


def mail(number: int, *, to: str = "kontakt@example.org", extra: int = 0) -> bytes:
    """A resident's mail, each different."""
    return (
        f"Return-Path: <astrid.{number}@example.com>\r\n"
        f"From: Astrid Ek <astrid.{number}@example.com>\r\nTo: {to}\r\n"
        f"Date: Sun, 22 Nov 2026 10:{number // 60 % 60:02}:{number % 60:02} +0100\r\n"
        f"Message-ID: <brev.{number}@example.com>\r\nSubject: Fråga nummer {number}\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        f"Hej! Det här är fråga nummer {number}. Vem ska jag prata med?\r\n" + "x" * 60 * (extra > 0)
    ).encode() + (b"\r\n" + b"y" * 70) * (extra // 72)
