"""The OpenAPI document is valid, complete, and keeps the rules of the national profile for REST APIs."""

import json
import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import jsonschema_rs
import pytest
import schemathesis

from gateway.api.openapi import write_document
from gateway.api.problems import PROBLEMS, REASONS
from gateway.api.reference import write_reference
from gateway.api.routes import API_ROUTES
from gateway.web.app import ROUTES
from normalizer import personal_number

DOCUMENT = write_document(ROUTES, "https://kvitto.example.org")
OPERATIONS = [
    (f"{method.upper()} {path}", operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
]


def walk(value: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    yield where, value
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, each in children:
        yield from walk(each, f"{where}/{key}")


def test_it_is_valid_openapi() -> None:
    schemathesis.openapi.from_dict(DOCUMENT).validate()
    jsonschema_rs.meta.validate({"$defs": DOCUMENT["components"]["schemas"]})
    json.dumps(DOCUMENT)


def test_every_route_is_in_it_but_itself_and_its_page() -> None:
    told = {path for path in DOCUMENT["paths"] if path.startswith("/api/v1/")}
    ours = {re.sub(r":\w+", "", path) for handler in API_ROUTES for path in handler.paths}
    assert ours - told == {"/api/v1/openapi.json", "/api/v1/reference"}


def test_every_reference_in_it_leads_somewhere() -> None:
    names = {f"#/components/schemas/{name}" for name in DOCUMENT["components"]["schemas"]}
    found = {each["$ref"] for _, each in walk(DOCUMENT) if isinstance(each, dict) and "$ref" in each}
    assert found <= names


@pytest.mark.parametrize(("label", "operation"), OPERATIONS, ids=[label for label, _ in OPERATIONS])
def test_every_example_is_what_it_says(label: str, operation: dict[str, Any]) -> None:
    parts = [
        *operation["responses"].values(),
        *([operation["requestBody"]] if "requestBody" in operation else []),
    ]
    examples = [media for part in parts for media in part.get("content", {}).values() if "example" in media]
    good = operation["responses"][min(operation["responses"])]
    assert examples or "application/octet-stream" in good["content"], label
    for media in examples:
        schema = {**media["schema"], "components": DOCUMENT["components"]}
        jsonschema_rs.validator_for(schema, validate_formats=True).validate(media["example"])
        assert list(personal_number.find(json.dumps(media["example"], ensure_ascii=False))) == []


# --- the national profile


def test_addresses_have_a_version_and_are_lower_case_with_hyphens() -> None:
    for path in DOCUMENT["paths"]:
        assert re.fullmatch(r"/api/v1(/([a-z0-9]+(-[a-z0-9]+)*(\.json)?|{[a-z_]+}))+", path), path
        assert not path.endswith("/")


def test_names_of_fields_and_parameters_are_snake_case() -> None:
    fields = {
        name
        for _, each in walk(DOCUMENT["components"]["schemas"])
        if isinstance(each, dict) and isinstance(each.get("properties"), dict)
        for name in each["properties"]
    }
    parameters = {
        each["name"]
        for _, operation in OPERATIONS
        for each in operation["parameters"]
        if each["in"] != "header"
    }
    assert fields
    assert [
        name for name in fields | parameters if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name)
    ] == []


def test_nothing_asks_for_a_personal_identity_number() -> None:
    assert not re.search(r'"(person(al)?_?(nummer|number|id)|ssn|pnr)"', json.dumps(DOCUMENT).lower())


def test_every_error_is_problem_json_with_all_its_members() -> None:
    problem = DOCUMENT["components"]["schemas"]["Problem"]
    assert set(problem["required"]) == {"type", "title", "status", "detail", "instance"}
    for label, operation in OPERATIONS:
        errors = {status: each for status, each in operation["responses"].items() if status >= "400"}
        assert {"404", "405", "500"} <= set(errors), label
        for each in errors.values():
            assert list(each["content"]) == ["application/problem+json"]


def test_lists_are_paged_and_bounded() -> None:
    for label, operation in OPERATIONS:
        good = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
        # What is asked for in a body has its limit there.
        if good.get("schema", {}).get("$ref", "").endswith("Page") and "requestBody" not in operation:
            named = {each["name"]: each["schema"] for each in operation["parameters"]}
            assert named["limit"]["maximum"] <= 200, label
            assert "cursor" in named


def test_decisions_need_a_version_and_registering_needs_a_key() -> None:
    for label, operation in OPERATIONS:
        needed = {
            each["name"] for each in operation["parameters"] if each["in"] == "header" and each["required"]
        }
        if label == "POST /api/v1/cases":
            assert needed == {"Idempotency-Key"}
        elif operation["tags"] == ["decisions"] and not label.endswith("/notes"):
            assert needed == {"If-Match"}, label


def test_times_are_rfc_3339() -> None:
    for where, each in walk(DOCUMENT):
        if isinstance(each, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*", each):
            assert each.endswith("Z"), where
            datetime.fromisoformat(each)
        elif isinstance(each, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", each):
            date.fromisoformat(each)


def test_it_speaks_swedish_and_english() -> None:
    assert "**Svenska.**" in DOCUMENT["info"]["description"]
    assert "**English.**" in DOCUMENT["info"]["description"]
    for said in PROBLEMS.values():
        assert said.sv != said.en
        assert 400 <= said.status <= 503
    for swedish, english in REASONS.values():
        assert swedish != english
    assert len({operation["operationId"] for _, operation in OPERATIONS}) == len(OPERATIONS)


# --- the page


def test_the_page_holds_every_operation_and_nothing_from_elsewhere() -> None:
    page = write_reference(DOCUMENT, "/static/reference.css")
    for _, operation in OPERATIONS:
        assert f'<article id="{operation["operationId"]}">' in page
    assert "<script" not in page
    assert "style=" not in page
    assert set(re.findall(r'(?:href|src)="(https?:[^"]+)"', page)) == set()
    anchors = set(re.findall(r'id="([^"]+)"', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= anchors
    assert {f"{kind}" for kind in PROBLEMS} <= anchors
