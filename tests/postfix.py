"""A real Postfix on loopback, in a folder of its own: nothing of the machine's own mail system is touched."""

import os
import pwd
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import IN_CI, free_port, need

MAIN = """
compatibility_level = 3.6
config_directory = {folder}/etc
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mx.example.net
mydestination =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
alias_maps =
alias_database =
local_recipient_maps =
relay_domains = {domains}
transport_maps = texthash:{folder}/etc/transport
smtp_dns_support_level = disabled
smtp_tls_security_level = none
message_size_limit = 50000000
# Short, so that a test need not wait: what was put off is tried again only when a test flushes.
smtp_connect_timeout = 5
minimal_backoff_time = 1000
maximal_backoff_time = 1000
queue_run_delay = 1000
{more}
"""

# Nothing is chrooted: the folder has none of the files that a chroot needs.
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 1000 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
flush unix n - n 1000 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


class Postfix:
    """The server. `routes` say where a domain's mail goes, such as lmtp:unix:/path or smtp:[127.0.0.1]:2525."""

    def __init__(self, folder: Path, routes: Mapping[str, str], more: str) -> None:
        self.folder = folder
        self.port = free_port()
        owner = pwd.getpwnam("postfix")
        for name, user in (("etc", 0), ("queue", 0), ("data", owner.pw_uid)):
            (folder / name).mkdir()
            os.chown(folder / name, user, 0)
        (folder / "etc/main.cf").write_text(MAIN.format(folder=folder, domains=" ".join(routes), more=more))
        (folder / "etc/master.cf").write_text(MASTER.format(port=self.port))
        (folder / "etc/transport").write_text("".join(f"{domain} {to}\n" for domain, to in routes.items()))
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text() if (self.folder / "log").exists() else ""

    def run(self, program: str, *arguments: str) -> str:
        """One of Postfix's own commands on this instance."""
        done = subprocess.run(
            [need(program), "-c", str(self.folder / "etc"), *arguments],
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr + self.log
        return done.stdout

    def start(self) -> None:
        self.run("postfix", "check")  # makes the folders of the queue too
        folder = self.run("postconf", "-hx", "daemon_directory").strip()
        self.process = subprocess.Popen(
            [f"{folder}/master", "-c", str(self.folder / "etc"), "-d"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # when it ends it ends everything in its session
        )
        for _ in range(400):
            if (self.folder / "queue/public/qmgr").exists() and "daemon started" in self.log:
                return
            assert self.process.poll() is None, self.log
            time.sleep(0.025)
        raise RuntimeError(f"Postfix did not open:\n{self.log}")

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(20)

    def queued(self) -> list[str]:
        """What waits, one JSON object a mail."""
        return self.run("postqueue", "-j").splitlines()

    def flush(self) -> None:
        """Try everything that waits again, now."""
        self.run("postqueue", "-f")

    def load(self, mails: int, to: str, *, sender: str = "anna@example.com", size: int = 2000) -> None:
        """Send so many mails in eight sessions at once; each has a Message-ID of its own."""
        subprocess.run(
            [
                need("smtp-source"),
                *("-s", "8", "-m", str(mails), "-l", str(size), "-f", sender, "-t", to),
                f"inet:127.0.0.1:{self.port}",
            ],
            check=True,
            capture_output=True,
            timeout=120,
        )


@contextmanager
def run_opendkim(folder: Path, name: str) -> Iterator[str]:
    """A real OpenDKIM that checks; its address as Postfix names it. `name` is what it calls itself."""
    port = free_port()
    config = folder / "opendkim.conf"
    config.write_text(f"Mode v\nAuthservID {name}\nAlwaysAddARHeader yes\nUserID root\n")
    process = subprocess.Popen(
        [need("opendkim"), "-f", "-x", str(config), "-p", f"inet:{port}@127.0.0.1"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(400):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert process.poll() is None, "OpenDKIM ended at once"
                time.sleep(0.025)
        yield f"inet:127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def run_postfix(routes: Mapping[str, str], *, more: str = "") -> Iterator[Postfix]:
    for program in ("postfix", "postqueue", "postconf"):
        need(program)
    if os.getuid() != 0:
        reason = "Postfix starts only as root"
        pytest.fail(reason) if IN_CI else pytest.skip(reason)
    with tempfile.TemporaryDirectory(prefix="kvitto-postfix-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Postfix(folder, routes, more)
        try:
            server.start()
            yield server
        finally:
            server.stop()
