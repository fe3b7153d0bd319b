"""The OpenAPI document, made from the routes and their shapes (OpenAPI 3.1, which is JSON Schema 2020-12)."""

import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from gateway import __version__
from gateway.api.given import Nothing
from gateway.api.operation import Operation
from gateway.api.problems import PROBLEMS
from gateway.api.shapes import Problem

ALWAYS = (401, 404, 405, 429, 500, 503)
"""Statuses of errors that every route with a token may have."""

PUBLIC = (404, 405, 500)

DESCRIPTION = """The REST API of Kvitto, for systems of the city that work with its cases.

**Svenska.** API:t gör det som handläggarnas sidor gör, med samma funktioner och samma behörighet. En nyckel gäller för
vissa nämnder och roller; det som den inte får se svarar 404. Alla tider är UTC enligt RFC 3339. Fel svarar med
application/problem+json (RFC 9457), på svenska eller engelska efter Accept-Language. Personnummer maskeras och får
aldrig stå i adresser. Listor hämtas sida för sida: följ `next`.

**English.** The API does what the staff's pages do, by the same functions and with the same rights. A token counts for
certain boards and roles; what it may not see answers 404. All times are UTC after RFC 3339. Errors are
application/problem+json (RFC 9457), in Swedish or English by Accept-Language. Personal identity numbers are masked and
never stand in addresses. Lists come page by page: follow `next`.
"""

_TAGS = (
    ("about", "Om API:t / about the API"),
    ("cases", "Läsa ärenden / reading cases"),
    ("files", "Bilagor och original / attachments and originals"),
    ("decisions", "Beslut om ärenden / decisions about cases"),
    ("register", "Registrera åt någon / registering for somebody"),
    ("feed", "Händelser / what happens"),
)

_PATHS: Mapping[str, tuple[dict[str, Any], str]] = {
    "reference": ({"type": "string", "maxLength": 50, "examples": ["7K4M-9QXT"]}, "The case's number."),
    "message_id": ({"type": "string", "pattern": "^[0-9a-f]{32}$"}, "From the list of messages."),
    "position": ({"type": "integer", "minimum": 0, "maximum": 10000}, "From the message's files."),
}
_ETAG = {"description": "The case's version, for If-Match.", "schema": {"type": "string"}}
_LINK = {"description": 'The next page, rel="next" (RFC 8288).', "schema": {"type": "string"}}


def write_document(routes: Iterable[Any], server: str) -> dict[str, Any]:
    """The document of those of these routes that describe themselves. `server` is how the world reaches us, or ""."""
    told = [
        (handler, handler.opt["operation"])
        for handler in routes
        if isinstance(handler, HTTPRouteHandler) and isinstance(handler.opt.get("operation"), Operation)
    ]
    shapes: set[Any] = {Problem}
    for _, each in told:
        shapes |= {shape for shape in (each.gives, each.takes) if shape is not None}
    _, components = msgspec.json.schema_components(
        sorted(shapes, key=lambda shape: shape.__name__), ref_template="#/components/schemas/{name}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for handler, each in told:
        for path in sorted(handler.paths):
            for method in sorted(handler.http_methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}):
                paths.setdefault(re.sub(r":\w+", "", path), {})[method.lower()] = _write_operation(
                    path, handler.opt["access"], handler.opt.get("right", ""), each
                )
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Kvitto",
            "version": __version__,
            "summary": "Cases of a city, whatever the channel / Kommunens ärenden, oavsett kanal",
            "description": DESCRIPTION,
            "license": {"name": "EUPL-1.2", "identifier": "EUPL-1.2"},
        },
        "servers": [{"url": server or "/"}],
        "tags": [
            {"name": name, "description": words}
            for name, words in _TAGS
            if any(each.tag == name for _, each in told)
        ],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": _drop_names(components),
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "kvitto token add ... See docs/api.md.",
                }
            },
        },
    }


def _write_operation(path: str, access: str, right: str, each: Operation) -> dict[str, Any]:
    parameters = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _PATHS[name][1],
            "schema": _PATHS[name][0],
        }
        for name in re.findall(r"{(\w+):", path)
    ]
    parameters += _write_query(each.query)
    parameters += _write_headers(each)
    needed = f" Needs the right {right}. Kräver rättigheten {right}." if right else ""
    written: dict[str, Any] = {
        "operationId": each.id,
        "tags": [each.tag],
        "summary": each.summary,
        "description": f"{each.summary}. {each.swedish}.{needed}",
        "parameters": parameters,
        "responses": _write_responses(each, access),
        "security": [{"token": []}] if access == "token" else [],
    }
    if each.takes is not None:
        media: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{each.takes.__name__}"}}
        if each.sends is not None:
            media["example"] = msgspec.to_builtins(each.sends)
        written["requestBody"] = {
            "required": any(field.required for field in msgspec.structs.fields(each.takes)),
            "content": {"application/json": media},
        }
    return written


def _write_query(shape: type[Struct]) -> list[dict[str, Any]]:
    if shape is Nothing:
        return []
    schema = msgspec.json.schema(shape)["$defs"][shape.__name__]
    found = []
    for name, given in schema["properties"].items():
        inner = {key: value for key, value in given.items() if key != "description"}
        # A parameter is left out rather than null.
        choices = [each for each in inner.pop("anyOf", []) if each != {"type": "null"}]
        if len(choices) == 1:
            inner |= {key: value for key, value in choices[0].items() if key != "description"}
        if "enum" in inner:
            inner["enum"] = [value for value in inner["enum"] if value is not None]
        if not inner.get("default"):
            inner.pop("default", None)
        words = given.get("description") or (choices[0].get("description", "") if choices else "")
        found.append({"name": name, "in": "query", "required": False, "description": words, "schema": inner})
    return found


def _write_headers(each: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if each.conditional:
        found.append(
            {
                "name": "If-Match",
                "in": "header",
                "required": True,
                "description": "The ETag of the case as it was read. Without it 428, when it has moved on 412.",
                "schema": {
                    "type": "string",
                    "maxLength": 200,
                    "examples": ['"2-019ab4f0c5d87a10b1c2d3e4f5061728"'],
                },
            }
        )
    if each.key != "no":
        found.append(
            {
                "name": "Idempotency-Key",
                "in": "header",
                "required": each.key == "must",
                "description": "The same key with the same request gives the same answer for a day.",
                "schema": {
                    "type": "string",
                    "pattern": "^[!-~]{8,200}$",
                    "examples": ["6f1f5e0c-2b0a-4a57-9d0e"],
                },
            }
        )
    return found


def _write_responses(each: Operation, access: str) -> dict[str, Any]:
    good: dict[str, Any] = {"description": each.summary}
    headers: dict[str, Any] = {}
    if each.gives is not None:
        media: dict[str, Any] = {"schema": {"$ref": f"#/components/schemas/{each.gives.__name__}"}}
        if each.example is not None:
            media["example"] = msgspec.to_builtins(each.example)
        good["content"] = {"application/json": media}
        if each.gives.__name__.endswith("Page"):
            headers["Link"] = _LINK
    else:
        good["content"] = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
        headers["Content-Disposition"] = {
            "description": "attachment, with the file's name.",
            "schema": {"type": "string"},
        }
    if each.tagged:
        headers["ETag"] = _ETAG
    if headers:
        good["headers"] = headers
    written: dict[str, Any] = {str(each.status): good}
    if each.tagged and not each.conditional:
        written["304"] = {"description": "It is as the ETag in If-None-Match says."}
    statuses = {*(ALWAYS if access == "token" else PUBLIC), *each.problems}
    for status in sorted(statuses):
        titles = " / ".join(said.en[0] for said in PROBLEMS.values() if said.status == status)
        written[str(status)] = {
            "description": titles,
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    return written


def _drop_names(components: Mapping[str, Any]) -> dict[str, Any]:
    """Schemas without the titles that only repeat their names."""
    return {
        name: {key: value for key, value in schema.items() if not (key == "title" and value == name)}
        for name, schema in sorted(components.items())
    }
