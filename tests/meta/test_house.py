"""The house keeps its own rules: names, sizes, reasons, locks, and a package that holds what it needs."""

import ast
import importlib
import inspect
import os
import re
import subprocess
import sys
import tokenize
import typing
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

import channels.base
import store.errors
from config.settings import Settings, Store
from gateway.staff.rights import Right
from gateway.web.app import ROUTES
from gateway.web.doors import Access
from tests.conftest import ROOT

PACKAGES = ("gateway", "channels", "normalizer", "store", "config")
MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
CODE = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), *sorted((ROOT / "docs").glob("*.py"))]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))

# Put together here, so that this file does not name them itself.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("crates", "io"),
        ("golang", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
        ("conda", "anaconda", "org"),
    )
)
MACHINE_PATHS = re.compile(r"(?<![\w.$}])/(?:" + "work|root|home" + r")/|/opt/" + "pypi")
DIRECTIVE = re.compile(
    r"#\s*(?:ruff: )?noqa(?:: [A-Z]+\d+(?:, [A-Z]+\d+)*)?|#\s*type: ignore(?:\[[\w, -]+\])?"
)
"""What silences a check."""


def kept_files() -> list[Path]:
    """What belongs to the project, as git sees it."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("this is no git checkout")
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def relative(path: Path) -> str:
    return str(path.relative_to(ROOT))


# --- routes and settings


def test_every_route_says_who_may_call_it() -> None:
    allowed = set(typing.get_args(Access))
    assert allowed == {"public", "signed", "demo", "staff", "token"}
    assert {
        str(handler): handler.opt.get("access")
        for handler in ROUTES
        if handler.opt.get("access") not in allowed
    } == {}


def test_every_route_of_the_staff_and_of_tokens_says_which_right_it_needs() -> None:
    rights = set(typing.get_args(Right))
    theirs = [handler for handler in ROUTES if handler.opt.get("access") in {"staff", "token"}]
    assert [str(handler) for handler in theirs if handler.opt.get("right") not in rights] == []


def test_every_setting_has_a_docstring() -> None:
    silent = [
        f"{name}.{key}"
        for name, section in Settings.model_fields.items()
        for key, field in typing.cast("type[Settings]", section.annotation).model_fields.items()
        if not field.description
    ]
    assert not silent, f"no docstring: {', '.join(silent)}"


def test_every_setting_has_an_effect() -> None:
    used = "\n".join(
        path.read_text("utf-8") for path in MODULES if path.name not in {"settings.py", "describe.py"}
    )
    used += inspect.getsource(Store)  # its properties read some
    idle = [
        f"{name}.{key}"
        for name, section in Settings.model_fields.items()
        for key in typing.cast("type[Settings]", section.annotation).model_fields
        if not re.search(rf"\.{key}\b|\"{key}\"", used)
    ]
    assert not idle, f"nothing reads {', '.join(idle)}"


# --- names, sizes, reasons


def test_no_module_is_named_after_nothing() -> None:
    vague = {
        "utils",
        "util",
        "helpers",
        "helper",
        "common",
        "core",
        "manager",
        "service",
        "misc",
        "base_utils",
    }
    assert [relative(path) for path in MODULES if path.stem in vague or path.parent.name in vague] == []


def test_no_module_has_more_than_four_hundred_lines() -> None:
    long = {relative(path): lines for path in MODULES if (lines := path.read_text("utf-8").count("\n")) > 400}
    assert long == {}


def test_there_is_no_package_file_under_tests() -> None:
    assert [relative(path) for path in (ROOT / "tests").rglob("__init__.py")] == []


def unexplained(path: Path) -> Iterator[int]:
    """Lines that silence a check or catch everything and do not say why, there or in a comment next to it.

    What a module silences several times it explains once.
    """
    lines = path.read_text("utf-8").splitlines()

    def has_comment_beside(row: int) -> bool:
        return any(line.strip().startswith("#") for line in (lines[row - 2], *lines[row : row + 1]))

    explained = []
    with path.open("rb") as file:
        for token in tokenize.tokenize(file.readline):
            row = token.start[0]
            if token.type == tokenize.COMMENT and (silenced := DIRECTIVE.findall(token.string)):
                if re.search(r"\w", DIRECTIVE.sub("", token.string)) or has_comment_beside(row):
                    explained.append(silenced)
                elif silenced not in explained:
                    yield row
            elif token.type == tokenize.NAME and token.string == "except":
                line = lines[row - 1]
                if "except Exception" in line and "#" not in line and not has_comment_beside(row):
                    yield row


def test_every_silenced_check_says_why() -> None:
    found = [f"{relative(path)}:{row}" for path in CODE for row in unexplained(path)]
    assert not found, "no reason at: " + ", ".join(found)


@pytest.mark.parametrize("module", [channels.base, store.errors])
def test_every_error_is_drawn_in_the_tree_of_its_module(module: typing.Any) -> None:
    drawn = re.findall(r"^(?:[|+\- ]*)(\w+)(?: {2}|$)", module.__doc__, re.MULTILINE)
    errors = [
        name
        for name, each in vars(module).items()
        if inspect.isclass(each) and issubclass(each, Exception) and each.__module__ == module.__name__
    ]
    assert [name for name in errors if name not in drawn] == []


# --- locks and hosts


def pins(lock: Path) -> list[str]:
    text = lock.read_text("utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def test_every_pin_has_hashes() -> None:
    assert LOCKS
    for lock in LOCKS:
        loose = [line for line in pins(lock) if "==" not in line or "--hash=sha256:" not in line]
        assert loose == [], lock.name


def test_no_lock_names_an_index() -> None:
    for lock in LOCKS:
        text = lock.read_text("utf-8")
        assert "index-url" not in text
        assert "://" not in text


def test_no_file_names_a_registry_or_a_folder_of_one_machine() -> None:
    found = []
    for path in kept_files():
        try:
            text = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{relative(path)}: {host}" for host in REGISTRY_HOSTS if host in text]
        if path != Path(__file__):
            found += [f"{relative(path)}: {match[0]}" for match in MACHINE_PATHS.finditer(text)]
    assert not found, "\n".join(found)


# --- the package


def test_no_other_distribution_owns_our_packages() -> None:
    owners = packages_distributions()
    assert {name: set(owners.get(name, [])) - {"kvitto"} for name in PACKAGES} == {
        name: set() for name in PACKAGES
    }


def test_every_module_can_be_imported() -> None:
    names = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in MODULES
        if "migrations" not in path.parts
    ]
    for name in names:
        importlib.import_module(name.removesuffix(".__init__"))


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert built.returncode == 0, built.stderr
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_everything_that_runs_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    endings = {".py", ".toml", ".po", ".html", ".css", ".js", ".svg", ".mako"}
    expected = {
        relative(path)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in endings and "__pycache__" not in path.parts
    }
    assert {
        "config/example/organisation.toml",
        "config/example/kvitto.toml",
        "config/texts/sv/pages.po",
        "config/texts/ar/receipts.po",
    } <= expected
    assert expected <= names
    others = {name for name in names - expected if ".dist-info/" not in name}
    assert others == set()
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_installed_wheel_runs_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    target, empty = tmp_path / "target", tmp_path / "empty"
    empty.mkdir()
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "--no-deps", "--no-index", "--target", str(target), str(wheel)],
        capture_output=True,
        timeout=120,
        check=True,
    )
    clean = {name: value for name, value in os.environ.items() if not name.startswith("KVITTO_")}

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=empty,
            env=clean | {"PYTHONPATH": str(target)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    version = ast.literal_eval(
        (ROOT / "gateway/__init__.py").read_text().partition("__version__ = ")[2].split("\n")[0]
    )
    assert run("gateway", "version").strip() == version
    assert run("gateway", "check").endswith("The configuration is in order.\n")
    assert list(empty.iterdir()) == []
    where = subprocess.run(
        [sys.executable, "-c", "import gateway; print(gateway.__file__)"],
        cwd=empty,
        env=clean | {"PYTHONPATH": str(target)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert where.stdout.startswith(str(target))
