"""The API against its own description: requests of every shape, with tokens of two boards, looking for faults and leaks."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from gateway.api.openapi import write_document
from gateway.api.routes import API_ROUTES
from tests.api_scene import MARKER, POTHOLE, Caller, make_token, put, write_mail
from tests.conftest import Running

EXAMPLES = 7
"""Requests of each operation, in each of two manners: as described, and not."""

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = {
    result.ok().label: result.ok()
    for result in schemathesis.openapi.from_dict(write_document(API_ROUTES, "")).get_all_operations()
}

MANNERS = [
    (label, manner)
    for label, operation in OPERATIONS.items()
    for manner in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    # What takes nothing cannot be asked wrongly.
    if manner is GenerationMode.POSITIVE or operation.definition.raw.get("parameters")
]


@dataclass
class Side:
    caller: Caller
    case: str
    messages: list[str]


@dataclass
class Scene:
    running: Running
    sides: tuple[Side, Side]
    secrets: list[str]
    # what only the second side may see


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    running = Running(tmp_path_factory.mktemp("api"), {"KVITTO_API__REQUESTS_PER_MINUTE": "100000"}).start()
    try:
        sides = []
        for board, key, text in (
            ("Tekniska nämnden", "teknik", POTHOLE),
            ("Grundskolenämnden", "skola", f"Min dotters lärare på skolan, {MARKER}."),
        ):
            sender = f"{MARKER if key == 'skola' else 'Anna'} <{key}@example.com>"
            case = write_mail(
                running, text, subject=text[:30], sender=sender, files={f"{text[-20:]}.txt": b"x"}
            )
            put(running, case, key)
            caller = make_token(running, key, "--board", board)
            assert caller.post(f"cases/{case}/notes", {"text": text}).status == 201
            said = caller.get(f"cases/{case}/messages").json["items"]
            sides.append(Side(caller, case, [each["id"] for each in said]))
        works, schools = sides
        secrets = [
            MARKER,
            "skola@example.com",
            schools.case,
            schools.case.replace("-", ""),
            *schools.messages,
        ]
        yield Scene(running, (works, schools), secrets)
    finally:
        running.stop()


def aim(case: Any, scene: Scene, chance: random.Random) -> None:
    """Some requests are for a case that is there: one's own, or another board's."""
    side = chance.choice(scene.sides)
    if "reference" in case.path_parameters and chance.random() < 0.7:
        case.path_parameters["reference"] = side.case
    if "message_id" in case.path_parameters and chance.random() < 0.7:
        case.path_parameters["message_id"] = chance.choice(side.messages)
    if "position" in case.path_parameters and chance.random() < 0.7:
        case.path_parameters["position"] = 0
    if "If-Match" in (case.headers or {}) and chance.random() < 0.5:
        etag = side.caller.get(f"cases/{side.case}").headers["etag"]
        case.headers["If-Match"] = etag


@pytest.mark.parametrize(("label", "manner"), MANNERS)
def test_no_request_finds_a_fault_or_another_boards_case(
    scene: Scene, label: str, manner: GenerationMode
) -> None:
    operation = OPERATIONS[label]
    works = scene.sides[0].caller
    chance = random.Random(label + manner.value)

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=manner))
    def send(case: Any) -> None:
        aim(case, scene, chance)
        response = case.call(
            base_url=works.running.url, headers={"Authorization": f"Bearer {works.token}"}, timeout=30
        )
        case.validate_response(response, checks=CHECKS)
        told = response.content.decode("utf-8", "replace") + str(response.headers)
        for secret in scene.secrets:
            assert secret not in told, (label, secret)

    send()
