"""The documents say what the product does: what is generated is fresh, what is named exists, what is shown runs."""

import ast
import dataclasses
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
import typer.main
from litestar.handlers import HTTPRouteHandler

from channels import REGISTRY
from channels.webform import HEADERS, File, Post
from config.describe import MEND, list_sections, write_markdown, write_toml
from config.organisation import load_organisation
from config.receipt_texts import KEYS, VARIANTS
from config.settings import Settings
from gateway.__main__ import app
from gateway.commands.show_cases import STATES
from gateway.web.app import ROUTES
from normalizer.messages import InboundMessage
from normalizer.normalize import normalize
from normalizer.organisation import Department, Organisation, Rule
from normalizer.routing.router import Router
from tests.conftest import IN_CI, ROOT, SECRET, Running

Start = Callable[..., Running]

PACKAGES = ("normalizer", "channels", "config", "store", "gateway")
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
DOCUMENTS = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
}
EVERYTHING = "\n".join(DOCUMENTS.values())
OPERATIONS = DOCUMENTS["docs/operations.md"]


def section(text: str, title: str) -> str:
    """What stands under a heading, up to the next one of its level."""
    found = re.search(rf"^(#+) {re.escape(title)}\n(.*?)(?=^\1 |\Z)", text, re.DOTALL | re.MULTILINE)
    assert found, f"there is no heading {title!r}"
    return found[2]


def blocks(text: str, language: str) -> list[str]:
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [content for marked, content in fenced if marked == language]


def first_cells(text: str) -> list[str]:
    """What is in backticks in the first column of the tables."""
    rows = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| ")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def in_backticks(text: str) -> list[str]:
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


# --- what is generated


@pytest.mark.parametrize(("file", "write"), list(zip(MEND, (write_markdown, write_toml), strict=True)))
def test_what_is_generated_from_the_settings_is_fresh(file: str, write: Callable[[], str]) -> None:
    fresh = (ROOT / file).read_text("utf-8") == write()
    assert fresh, f"{file} is stale. This mends it: {MEND[file]}"


def test_the_example_configuration_uncommented_is_the_default() -> None:
    lines = re.sub(r"^#(?=\w+ = )", "", write_toml(), flags=re.MULTILINE).splitlines()
    without_default = [
        f"{each.key} = " for _, _, keys in list_sections() for each in keys if not each.default
    ]
    given = [line for line in lines if not line.startswith(tuple(without_default))]
    assert Settings.model_validate(tomllib.loads("\n".join(given))) == Settings()


def test_every_setting_has_a_meaning_and_an_example() -> None:
    text = write_toml()
    for name, about, settings in list_sections():
        assert about, f"the section {name} has no docstring"
        for each in settings:
            assert each.meaning, f"{name}.{each.key} has no docstring"
            assert f"#{each.key} = " in text


# --- what is named exists


def test_every_link_between_documents_leads_somewhere() -> None:
    broken = [
        f"{file}: {target}"
        for file, text in DOCUMENTS.items()
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text)
        if not (ROOT / file).parent.joinpath(target).exists()
    ]
    assert not broken, "\n".join(broken)


def test_the_index_names_every_document() -> None:
    index = DOCUMENTS["docs/README.md"]
    missing = [path.name for path in (ROOT / "docs").glob("*.md") if path.name != "README.md"]
    assert [name for name in missing if f"({name})" not in index] == []


def test_the_code_map_names_every_module_and_no_other() -> None:
    named = {name for name in first_cells(section(DOCUMENTS["ARCHITECTURE.md"], "Code map")) if "/" in name}
    modules = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if "migrations" not in path.parts and (path.name != "__init__.py" or path.read_text().count("\n") > 3)
    }
    modules.add("store/migrations/")
    assert not modules - named, f"ARCHITECTURE.md lacks {', '.join(sorted(modules - named))}"
    assert not named - modules, f"ARCHITECTURE.md names what is gone: {', '.join(sorted(named - modules))}"


def test_every_name_in_the_architecture_exists() -> None:
    code = "\n".join(path.read_text("utf-8") for path in MODULES) + (ROOT / "Makefile").read_text()
    words = set(re.findall(r"\w+", code))
    unknown = [
        name
        for name in in_backticks(DOCUMENTS["ARCHITECTURE.md"])
        if not (ROOT / name).exists() and not set(re.findall(r"\w+", name)) <= words
    ]
    assert not unknown, ", ".join(unknown)


def test_every_path_named_in_a_document_exists() -> None:
    missing = [
        f"{file}: {name}"
        for file, text in DOCUMENTS.items()
        for name in in_backticks(text)
        if re.match(r"(?:normalizer|channels|config|store|gateway|tests|docs|requirements)/", name)
        and "NAME" not in name
        and not (ROOT / name).exists()
    ]
    assert not missing, "\n".join(missing)


def list_commands(command: Any, before: str = "") -> Iterator[str]:
    for name, each in command.commands.items():
        if hasattr(each, "commands"):
            yield from list_commands(each, f"{name} ")
        else:
            yield before + name


def test_every_command_named_in_a_document_exists() -> None:
    commands = set(list_commands(typer.main.get_command(app)))
    groups = {name.partition(" ")[0] for name in commands if " " in name}
    named = {
        " ".join(words.split()[: 2 if words.split()[0] in groups else 1])
        for words in re.findall(r"`(?:\.venv/bin/)?kvitto ([a-z][a-z-]*(?: [a-z-]+)?)", EVERYTHING)
    }
    assert named == commands
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`make (\w+)", EVERYTHING)) <= targets


def test_every_promise_about_mail_is_held_by_tests_that_exist() -> None:
    defined = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        defined |= set(re.findall(r"def (test_\w+)", path.read_text("utf-8")))
    lines = [line for line in DOCUMENTS["docs/mail-promises.md"].splitlines() if "`test_" in line]
    assert len(lines) == 20
    assert {name for line in lines for name in re.findall(r"`(test_\w+)`", line)} <= defined


def test_every_channel_is_in_the_readme_and_in_the_guide() -> None:
    for name in REGISTRY:
        assert f"`{name}`" in DOCUMENTS["README.md"]
        assert f"`{name}`" in DOCUMENTS["docs/adding-a-channel.md"]


def test_every_route_is_documented_with_who_may_call_it_and_no_other() -> None:
    table = set(re.findall(r"^\| `([A-Z]+ [^`]+)` \| (\w+) \|", section(OPERATIONS, "Routes"), re.MULTILINE))
    served = set()
    for handler in ROUTES:
        access = handler.opt["access"]
        for path in handler.paths:
            if isinstance(handler, HTTPRouteHandler):
                methods = handler.http_methods & {"GET", "POST"}
                found = {(method + " " + re.sub(r":\w+", "", path), access) for method in methods}
            else:  # mounted: it serves whatever is below its path
                found = {row for row in table if f" {path}/" in row[0] and row[1] == access}
            assert found, f"docs/operations.md lacks {path}"
            served |= found
    assert table == served


def test_every_state_of_the_outbox_is_documented_as_it_is_shown() -> None:
    table = re.findall(r"^\| `(\w+)` \| .* \| (\w+) \|$", section(OPERATIONS, "The outbox"), re.MULTILINE)
    assert dict(table) == STATES


def log_events() -> Iterator[str]:
    """Every event name in the code. A name that is put together counts as a pattern."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            by_log = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "log"
            if by_log or getattr(node.func, "id", "") == "level":
                name = node.args[0]
                if isinstance(name, ast.JoinedStr):
                    parts = (
                        re.escape(p.value) if isinstance(p, ast.Constant) else r"\w+" for p in name.values
                    )
                    yield "".join(parts)
                else:
                    assert isinstance(name, ast.Constant), f"{path}:{node.lineno}: an event has a plain name"
                    yield re.escape(name.value)


def test_every_log_event_is_documented_and_no_other() -> None:
    documented = set(first_cells(section(OPERATIONS, "Log events")))
    patterns = set(log_events())
    undocumented = [each for each in patterns if not any(re.fullmatch(each, name) for name in documented)]
    assert not undocumented, f"docs/operations.md lacks {', '.join(undocumented)}"
    invented = [name for name in documented if not any(re.fullmatch(each, name) for each in patterns)]
    assert not invented, f"docs/operations.md names what is never logged: {', '.join(invented)}"


def test_every_event_of_a_case_is_documented_and_no_other() -> None:
    documented = set(first_cells(section(OPERATIONS, "History of a case")))
    name = re.compile(r'"((?:case|message|delivery|receipt|alarm|contact|media)\.[a-z_]+)"')
    written: set[str] = set()
    for path in [
        *(ROOT / "gateway").glob("*.py"),
        *(ROOT / "gateway/commands").glob("*.py"),
        *(ROOT / "gateway/downstream").glob("*.py"),
    ]:
        for line in path.read_text("utf-8").splitlines():
            if not line.lstrip().startswith(("log.", '"""', "#")) and "level(" not in line:
                written |= set(name.findall(line))
    for each in ("store/writer.py", "store/media.py"):
        written |= set(name.findall((ROOT / each).read_text("utf-8")))
    # What is only logged has the same form: its names are those of the other table.
    logged = set(first_cells(section(OPERATIONS, "Log events")))
    assert documented <= written
    assert written - logged <= documented


@pytest.mark.parametrize("place", [Department, Rule, Organisation])
def test_every_key_of_the_organisation_file_is_explained(place: type) -> None:
    explained = set(first_cells(DOCUMENTS["docs/organisation.md"]))
    fields = {field.name for field in dataclasses.fields(place)} - {"key", "id"}
    assert fields <= explained


def test_the_tie_in_the_guide_is_one() -> None:
    quoted = re.search(r"^> (.+)$", DOCUMENTS["docs/organisation.md"], re.MULTILINE)
    assert quoted
    message = normalize(InboundMessage(external_id="1", sender=None, text=quoted[1], language="sv"))
    assert Router(load_organisation()).route(message).rule == "undecided"


def test_every_placeholder_and_variant_of_receipts_is_explained() -> None:
    explained = set(first_cells(DOCUMENTS["docs/texts.md"]))
    placeholders = {name for _, known, _ in KEYS for name in known}
    assert {f"{{{name}}}" for name in placeholders} | set(VARIANTS) <= explained


@pytest.mark.parametrize("shape", [Post, File])
def test_every_field_of_the_form_api_is_explained(shape: type[msgspec.Struct]) -> None:
    explained = set(first_cells(section(DOCUMENTS["docs/form-api.md"], "Fields")))
    assert set(shape.__struct_fields__) <= explained


def test_the_form_api_names_every_header() -> None:
    assert set(first_cells(section(DOCUMENTS["docs/form-api.md"], "Headers"))) == set(HEADERS)


def test_every_dependency_has_its_reason_and_no_other_does() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    text = DOCUMENTS["docs/dependencies.md"]
    for title, wanted in (
        ("Running", project["project"]["dependencies"]),
        ("Building", project["dependency-groups"]["build"]),
        ("Testing", project["dependency-groups"]["dev"]),
    ):
        rows = section(text, title).splitlines()
        assert [row.split("`")[1] for row in rows if row.startswith("| `")] == [
            re.match(r"[\w-]+", name)[0] for name in wanted
        ]


# --- what is shown runs


def run_shell(script: str, running: Running, **environment: str) -> str:
    """Run a document's commands against a running Kvitto."""
    for program in ("bash", "openssl", "curl"):
        if program in script and not shutil.which(program):
            pytest.fail(f"{program} is missing") if IN_CI else pytest.skip(f"{program} is missing")
    script = substitute(script, running).replace(".venv/bin/kvitto", f"{sys.executable} -m gateway")
    script = script.replace("python3 ", f"{sys.executable} ")
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=running.folder,
        env=running.environment | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def substitute(text: str, running: Running) -> str:
    return text.replace("2525", str(running.smtp_port)).replace(
        "127.0.0.1:8000", f"127.0.0.1:{running.web_port}"
    )


def test_the_quickstart_does_what_it_says(kvitto: Start) -> None:
    text = section(DOCUMENTS["README.md"], "Quickstart")
    start, mail = blocks(text, "sh")
    assert start == "make run\n"
    planned = subprocess.run(
        ["make", "--dry-run", "run"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "kvitto serve" in planned

    running = kvitto()
    # A new process does not inherit the settings of the running one: the store is found by its folder.
    seen = run_shell(mail, running, COLUMNS="80").splitlines()
    shown = blocks(text, "")[0].splitlines()
    assert seen[0].rstrip() == shown[0]
    assert [seen[1].rstrip()[at:to] for at, to in ((25, 50), (62, None))] == [
        shown[1][at:to] for at, to in ((25, 50), (62, None))
    ]
    assert (
        running.get("/postbox").text.count("Gatlykta") == 0
    )  # the receipt never repeats the resident's words
    assert "anna@example.com" in running.get("/postbox").text


def test_the_form_apis_example_in_python_runs(kvitto: Start) -> None:
    running = kvitto()
    (example,) = blocks(DOCUMENTS["docs/form-api.md"], "python")
    done = subprocess.run(
        [sys.executable, "-c", substitute(example, running)],
        env=os.environ | {"SECRET": SECRET},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.startswith("201 "), done.stderr
    assert '"department":"teknik"' in done.stdout


def test_the_form_apis_example_with_openssl_and_curl_runs(kvitto: Start) -> None:
    running = kvitto()
    (example,) = blocks(section(DOCUMENTS["docs/form-api.md"], "With openssl and curl"), "sh")
    answer = msgspec.json.decode(run_shell(example, running, SECRET=SECRET))
    assert answer["department"] == "teknik"
    explained = first_cells(section(DOCUMENTS["docs/form-api.md"], "Answers"))
    assert list(answer) == [name for name in explained if name in answer]


def test_the_first_configuration_of_a_city_is_one_that_starts(tmp_path: Path) -> None:
    (example,) = blocks(section(OPERATIONS, "Install"), "toml")
    for key, value in tomllib.loads(example).items():
        Settings.model_validate({key: value})


# --- how it is said


def test_the_documents_speak_of_the_product_alone() -> None:
    foreign = re.compile(
        r"\bR\d+\.\d+|\bissue #?\d+|\bagents?\b|\bthis session\b|—|[\U0001F300-\U0001FAFF]", re.IGNORECASE
    )
    assert {name: foreign.findall(text) for name, text in DOCUMENTS.items() if foreign.search(text)} == {}


def test_the_code_refers_to_nothing_that_its_reader_cannot_open() -> None:
    private = re.compile(
        r"\bR\d+\.\d+(?![\w.])|requirements section|(?:routing|page|store) design|\b(?:house|pages|requirements)\.md\b"
    )
    files = [*MODULES, *(ROOT / "docs").glob("*.py"), ROOT / "pyproject.toml", ROOT / "Makefile"]
    files += [path for path in (ROOT / "tests").rglob("*.py") if path != Path(__file__)]
    files += [
        path for ending in ("html", "css", "js") for path in (ROOT / "gateway/web").rglob(f"*.{ending}")
    ]
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in files
        for match in private.finditer(path.read_text("utf-8"))
    ]
    assert not found, "\n".join(found)


def test_the_pictures_are_small() -> None:
    pictures = list((ROOT / "docs/pictures").glob("*.png"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > 150_000] == []
