"""The command `kvitto init`: a few questions, and a complete configuration to go on from."""

import json
import os
import re
import secrets
import shutil
from base64 import b64encode
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated

import typer
from rich.markup import escape

from config.errors import ConfigurationError
from config.organisation import EXAMPLE
from config.settings import load_settings
from gateway.commands import show
from gateway.commands.terminal import leave

FILES = ("kvitto.toml", "organisation.toml", "secrets.env")
"""What is written: the settings, the organisation as an example to change, and the secrets, for their owner alone."""

_PASSWORD = re.compile(r"://[^/@]*:[^/@]+@")


def init(
    folder: Annotated[Path, typer.Argument(help="Where the files go. It is made when it is not there.")],
    sender: Annotated[
        str, typer.Option(prompt="The address that residents write to", help="Receipts come from it too.")
    ],
    url: Annotated[
        str,
        typer.Option(
            prompt="How the world reaches the web pages (https://...; empty: only this machine)",
            help="Through the city's proxy. Empty: only this machine.",
        ),
    ] = "",
    relay: Annotated[
        str,
        typer.Option(
            prompt="The server that mail goes out by (smtp://relay.example.org:25; postbox: none leaves)",
            help="postbox keeps every mail on this machine.",
        ),
    ] = "postbox",
    data: Annotated[
        Path, typer.Option(prompt="The folder where cases and files are kept", help="On a disk with backups.")
    ] = Path("/var/lib/kvitto"),
    database: Annotated[
        str,
        typer.Option(
            prompt="PostgreSQL (postgresql://user:password@host/name; empty: SQLite in that folder)",
            help="Empty: SQLite in the data folder, enough for a city.",
        ),
    ] = "",
) -> None:
    """Write a complete, commented configuration, with the secrets in a file of their own. Overwrites nothing."""
    taken = [name for name in FILES if (folder / name).exists()]
    if taken:
        leave(f"{folder} has {', '.join(taken)} already. Name another folder, or change what is there.")
    host = sender.rpartition("@")[2]
    given = {
        ("city", "organisation"): str((folder / "organisation.toml").absolute()),
        ("store", "folder"): str(data),
        ("web", "public_url"): url,
        ("email", "hostname"): f"kvitto.{host}",
        ("email", "sender"): sender,
        ("email", "relay"): relay,
    }
    hidden = {"KVITTO_WEBFORM__SECRETS": f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"}
    if _PASSWORD.search(database):
        hidden["KVITTO_STORE__URL"] = database
    elif database:
        given["store", "url"] = database
    if relay.startswith(("smtp://", "smtps://")) and "@" in relay:
        hidden["KVITTO_EMAIL__RELAY_PASSWORD"] = ""
    folder.mkdir(parents=True, exist_ok=True)
    text = fill_in((EXAMPLE.parent / "kvitto.toml").read_text("utf-8"), given)
    _check(text, hidden)
    (folder / "kvitto.toml").write_text(text, encoding="utf-8")
    shutil.copyfile(EXAMPLE, folder / "organisation.toml")
    _write_secrets(folder / "secrets.env", hidden)
    _tell(folder)


def fill_in(example: str, given: dict[tuple[str, str], str]) -> str:
    """The complete example with some settings set: their lines lose the # before them."""
    section, lines, left = "", [], {key: value for key, value in given.items() if value}
    for line in example.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        name = line.removeprefix("#").partition(" = ")[0]
        value = left.pop((section, name), None) if line.startswith("#") else None
        lines.append(line if value is None else f"{name} = {json.dumps(value, ensure_ascii=False)}")
    if left:
        raise ConfigurationError(
            tuple(f"{section}.{name}: there is no such setting" for section, name in left)
        )
    return "\n".join(lines) + "\n"


def _check(text: str, hidden: dict[str, str]) -> None:
    """What was answered is a configuration. Raises ConfigurationError."""
    with NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        load_settings(Path(file.name), {name: value for name, value in hidden.items() if value})


def _write_secrets(file: Path, hidden: dict[str, str]) -> None:
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        out.write("# Secrets, as environment variables. Only Kvitto's user may read this file.\n")
        for name, value in hidden.items():
            out.write(f"{name}={value}\n")


def _tell(folder: Path) -> None:
    say = show.console.print
    say(f"Written to {escape(str(folder))}:")
    say("  kvitto.toml        every setting, with what you answered")
    say("  organisation.toml  an example city: put your departments, boards and words in its place")
    say("  secrets.env        secrets, for Kvitto's user alone")
    say("Next:")
    config = escape(str(folder / "kvitto.toml"))
    say(f"  set -a; . {escape(str(folder / 'secrets.env'))}; set +a", soft_wrap=True)
    say(f"  kvitto check --try --config {config}", soft_wrap=True)
    say(f"  kvitto serve --config {config}", soft_wrap=True)
    say(f"  kvitto send-test you@example.org --config {config}", soft_wrap=True)
