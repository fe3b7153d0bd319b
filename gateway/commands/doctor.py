"""The command `kvitto doctor`: what somebody needs who is to find a fault, and nothing of any resident."""

import json
import platform
import sys
import zipfile
from datetime import UTC, datetime
from importlib.metadata import distributions
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import BaseModel

from config.settings import load_settings
from gateway import __version__
from gateway.commands import show
from gateway.commands.status import tell
from gateway.commands.terminal import ConfigFile, has_store, leave, use_store

if TYPE_CHECKING:
    from store.database import Database

HIDDEN = "(hidden)"
_NOTES = 200
# of each sort


def doctor(
    file: Annotated[Path, typer.Argument(help="The zip file to write. It must not be there yet.")],
    config: ConfigFile = None,
) -> None:
    """Collect what a report of a fault needs: versions, settings without secrets, counts, what failed lately.

    No text, name, address or number of a resident is in it, and no secret. Look into it before you send it.
    """
    settings = load_settings(config)
    parts: dict[str, Any] = {
        "versions": _list_versions(),
        "settings": hide_secrets(settings),
        "status": tell(settings) if has_store(settings) else [],
        "faults": use_store(settings, _list_faults) if has_store(settings) else {},
    }
    try:
        with zipfile.ZipFile(file, "x", zipfile.ZIP_DEFLATED) as bundle:
            for name, content in parts.items():
                text = json.dumps(content, indent=2, ensure_ascii=False, default=str)
                bundle.writestr(f"kvitto-doctor/{name}.json", text + "\n")
    except FileExistsError:
        leave(f"{file} is there already. Give a name that is free.")
    show.console.print(f"{file}: {', '.join(parts)}. Look into it before you send it.", soft_wrap=True)


def _list_versions() -> dict[str, Any]:
    packages = {each.metadata["Name"]: each.version for each in distributions()}
    return {
        "kvitto": __version__,
        "python": sys.version,
        "platform": platform.platform(),
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "packages": dict(sorted(packages.items())),
    }


def hide_secrets(settings: BaseModel) -> dict[str, Any]:
    """The settings; of what is never shown only whether it is set."""
    found: dict[str, Any] = {}
    for name, info in type(settings).model_fields.items():
        value = getattr(settings, name)
        if not info.repr:
            found[name] = HIDDEN if value else value
        else:
            found[name] = _hide(value)
    return found


def _hide(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return hide_secrets(value)
    if isinstance(value, tuple | list):
        return [_hide(each) for each in value]
    return value


async def _list_faults(database: "Database") -> dict[str, Any]:
    """What could not be understood, by step and type of error; and what became of letters, by the code answered."""
    from store.overview import list_faults  # noqa: PLC0415  # see gateway.__main__.serve

    return await database.read(lambda connection: list_faults(connection, most=_NOTES))
