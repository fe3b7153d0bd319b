"""The settings in words: the reference page and the complete example, made from the settings' own docstrings.

python -m config.describe --markdown > docs/configuration.md
python -m config.describe --toml > config/example/kvitto.toml
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from textwrap import wrap
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from config.disposal import Decision
from config.mailboxes import Box
from config.settings import CONFIGURATION_VARIABLE, ENVIRONMENT_PREFIX, Mail, Settings

MEND = {
    "docs/configuration.md": "python -m config.describe --markdown > docs/configuration.md",
    "config/example/kvitto.toml": "python -m config.describe --toml > config/example/kvitto.toml",
}
"""Each generated file, and the command that writes it anew."""

_KINDS = {bool: "true or false", int: "whole number", str: "text", Path: "path", date: "date"}
_MANY = {"text": "texts", "e-mail address": "e-mail addresses"}

_PAGE = f"""# Configuration

Generated from the settings themselves: `{MEND["docs/configuration.md"]}`.

Kvitto runs without any configuration. Then it is the example city, it listens on this machine alone, and no
mail leaves it.

Settings come from one TOML file: the one named by `--config`, else the one named by the environment variable
`{CONFIGURATION_VARIABLE}`, else `kvitto.toml` in the current folder, if there is one. The file
[`config/example/kvitto.toml`](../config/example/kvitto.toml) holds every setting with its default. Copy it and
change what you need.

Each setting also has an environment variable, which wins over the file. A list is written with commas
between its parts. Secrets are best given in the environment, or in a file that only Kvitto's user can read.

A setting that does not exist, or a value that cannot be, refuses to start. `kvitto check` lists every problem
at once, and never prints the value, which may be a secret.
"""

_HEAD = """# Every setting of Kvitto with its default.
#
# Generated: {command}
#
# Copy this file to kvitto.toml, or anywhere, and name it with --config or {variable}. Remove the # before a
# setting to change it. "..." stands where a setting has no default. An environment variable wins over the
# file: {prefix}EMAIL__PORT is `port` below [email]. Check the result with: kvitto check
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One key, in words."""

    section: str
    key: str
    kind: str
    default: str
    # as TOML; "" when there is none
    meaning: str

    @property
    def variable(self) -> str:
        """The environment variable that sets it."""
        return f"{ENVIRONMENT_PREFIX}{self.section}__{self.key}".upper()


def list_tables() -> Iterator[tuple[str, str, tuple[Setting, ...]]]:
    """What may stand any number of times, with the section it belongs to: its name, what it is, its keys."""
    yield "mailbox.boxes", Box.__doc__ or "", _list_settings("mailbox", Box)
    yield "disposal.decisions", Decision.__doc__ or "", _list_settings("disposal", Decision)


def list_sections() -> Iterator[tuple[str, str, tuple[Setting, ...]]]:
    """Every section: its name, what it is about, and its settings in the order of the source."""
    for name, field in Settings.model_fields.items():
        model = field.annotation
        assert isinstance(model, type)
        assert issubclass(model, BaseModel)
        yield name, model.__doc__ or "", _list_settings(name, model)


def _list_settings(section: str, model: type[BaseModel]) -> tuple[Setting, ...]:
    return tuple(
        Setting(
            section=section,
            key=key,
            kind=_name_kind(inner),
            default="" if inner.is_required() else _write_value(inner.default),
            meaning=inner.description or "",
        )
        for key, inner in model.model_fields.items()
    )


def write_markdown() -> str:
    """The reference page."""
    lines = [_PAGE]
    for name, about, settings in list_sections():
        lines += [
            f"## [{name}]",
            "",
            about,
            "",
            "| key | type | default | meaning | environment |",
            "|---|---|---|---|---|",
        ]
        for each in settings:
            default = f"`{each.default}`" if each.default else "none"
            meaning = each.meaning.replace("|", "\\|")
            lines.append(f"| `{each.key}` | {each.kind} | {default} | {meaning} | `{each.variable}` |")
        lines.append("")
        for table, what, keys in list_tables():
            if table.startswith(f"{name}."):
                lines += [
                    f"### [[{table}]]",
                    "",
                    what,
                    "",
                    "| key | type | default | meaning |",
                    "|---|---|---|---|",
                ]
                for each in keys:
                    default = f"`{each.default}`" if each.default else "none"
                    lines.append(f"| `{each.key}` | {each.kind} | {default} | {each.meaning} |")
                lines.append("")
    return "\n".join(lines)


def write_toml() -> str:
    """The complete example, every key commented out."""
    lines = [
        _HEAD.format(
            command=MEND["config/example/kvitto.toml"],
            variable=CONFIGURATION_VARIABLE,
            prefix=ENVIRONMENT_PREFIX,
        )
    ]
    for name, about, settings in list_sections():
        lines += [*_comment(about), f"[{name}]", ""]
        for each in settings:
            value = each.default or ("true" if each.kind == _KINDS[bool] else '"..."')
            lines += [*_comment(f"{each.meaning} ({each.kind})"), f"#{each.key} = {value}", ""]
        for table, what, keys in list_tables():
            if table.startswith(f"{name}."):
                lines += [*_comment(f"{what} For example, with its keys:"), "#", f"# [[{table}]]"]
                lines += ["# {} = {}".format(each.key, each.default or '"..."') for each in keys]
                lines.append("")
    return "\n".join(lines)


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in wrap(text, 98, break_long_words=False, break_on_hyphens=False)]


def _name_kind(field: FieldInfo) -> str:
    low = next((each.ge for each in field.metadata if hasattr(each, "ge")), None)
    high = next((each.le for each in field.metadata if hasattr(each, "le")), None)
    kind = _name_type(field.annotation, tuple(field.metadata))
    if low is None and high is None:
        return kind
    return f"{kind}, {low} to {high}" if high is not None else f"{kind}, {low} or more"


def _name_type(kind: Any, metadata: tuple[Any, ...] = ()) -> str:
    if kind is str and metadata == tuple(get_args(Mail)[1].metadata):
        return "e-mail address"
    origin, inner = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return _name_type(inner[0], tuple(getattr(inner[1], "metadata", ())))
    if origin in {Union, UnionType}:
        return _name_type(next(each for each in inner if each is not NoneType))
    if origin is Literal:
        return "one of " + ", ".join(f'"{each}"' for each in inner)
    if origin is tuple and isinstance(inner[0], type) and issubclass(inner[0], BaseModel):
        return "tables"
    if origin is tuple and get_origin(inner[0]) is Literal:
        return "list of " + ", ".join(f'"{each}"' for each in get_args(inner[0]))
    if origin is tuple:
        return f"list of {_MANY[_name_type(inner[0])]}"
    return _KINDS[kind]


def _write_value(value: Any) -> str:
    """A default as TOML writes it. JSON writes texts, numbers and lists the same way."""
    if value is None:
        return ""
    return json.dumps(str(value) if isinstance(value, Path) else value, ensure_ascii=False)


def main(arguments: list[str]) -> int:
    """Print what was asked for."""
    writers = {"--markdown": write_markdown, "--toml": write_toml}
    if len(arguments) != 1 or arguments[0] not in writers:
        sys.stderr.write(f"Say what to print: {' or '.join(writers)}\n")
        return 2
    sys.stdout.write(writers[arguments[0]]())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
