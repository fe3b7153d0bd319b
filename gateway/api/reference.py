"""The OpenAPI document as a page for people: plain HTML, from this server alone."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from gateway.api.problems import PROBLEMS

_pages = Environment(
    loader=PackageLoader("gateway.api"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def write_reference(document: Mapping[str, Any], style: str) -> str:
    """One whole page. `style` is the address of its style sheet."""
    operations = [
        {"method": method.upper(), "path": path, **told}
        for path, methods in document["paths"].items()
        for method, told in methods.items()
    ]
    groups = [
        {**tag, "operations": [each for each in operations if each["tags"] == [tag["name"]]]}
        for tag in document["tags"]
    ]
    return _pages.get_template("reference.html").render(
        info=document["info"],
        style=style,
        groups=groups,
        schemas=document["components"]["schemas"],
        problems=PROBLEMS,
        show_type=show_type,
        show_example=show_example,
        emphasise=_emphasise,
    )


def show_type(schema: Mapping[str, Any]) -> Markup:
    """A schema in a few words, with links to others."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return Markup('<a href="#schema-{0}">{0}</a>').format(name)
    if "anyOf" in schema:
        return Markup(" | ").join(show_type(each) for each in schema["anyOf"])
    if "enum" in schema:
        return Markup(", ").join(
            Markup("<code>{}</code>").format(json.dumps(each, ensure_ascii=False)) for each in schema["enum"]
        )
    if schema.get("type") == "array":
        return Markup("[ {} ]").format(show_type(schema["items"]))
    said = [str(schema.get("type", "any")), *([str(schema["format"])] if "format" in schema else [])]
    limits = {"minLength": "from", "maxLength": "to", "minimum": "from", "maximum": "to"}
    said += [f"{word} {schema[key]}" for key, word in limits.items() if key in schema]
    return escape(" ".join(said))


def show_example(value: Any) -> str:
    """JSON, indented."""
    return json.dumps(value, ensure_ascii=False, indent=2)


@lru_cache(maxsize=8)
def _emphasise(text: str) -> Markup:
    """Paragraphs; **words** between pairs of asterisks are strong."""
    paragraphs = []
    for paragraph in text.strip().split("\n\n"):
        parts = [escape(part) for part in paragraph.split("**")]
        parts = [Markup("<strong>{}</strong>").format(p) if at % 2 else p for at, p in enumerate(parts)]
        paragraphs.append(Markup("<p>{}</p>").format(Markup("").join(parts)))
    return Markup("\n").join(paragraphs)
