"""The OpenAPI document: whole, valid 3.1, and true about the calls that exist."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from hall_server.web.api.openapi import document
from tests.server.halls import Api

METHODS = {"get", "post", "put", "patch", "delete"}
SCHEMA_WORDS = set(
    "$ref $defs type properties required items anyOf enum const default title description additionalProperties format "
    "minLength maxLength pattern minimum maximum prefixItems minItems maxItems".split()
)
TYPES = {"object", "array", "string", "number", "integer", "boolean", "null"}


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return document()


def schemas_in(value: Any, path: str = "#") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every schema of the document, with the place where it stands."""
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from schemas_in(one, f"{path}/{number}")
    if isinstance(value, dict):
        for name, one in value.items():
            if name == "schema":
                yield from parts(one, f"{path}/schema")
            elif path == "#/components" and name == "schemas":
                for model, schema in one.items():
                    yield from parts(schema, f"{path}/schemas/{model}")
            else:
                yield from schemas_in(one, f"{path}/{name}")


def parts(schema: dict[str, Any], path: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """A schema and those inside it."""
    yield path, schema
    inner = [*schema.get("anyOf", []), *schema.get("prefixItems", [])]
    inner += [schema[word] for word in ("items", "additionalProperties") if isinstance(schema.get(word), dict)]
    inner += [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values()]
    for number, one in enumerate(inner):
        yield from parts(one, f"{path}/{number}")


def test_it_has_the_parts_that_openapi_3_1_asks_for(described: dict[str, Any]) -> None:
    assert re.fullmatch(r"3\.1\.\d+", described["openapi"])
    assert {"title", "version"} <= set(described["info"])
    assert set(described) <= {"openapi", "info", "paths", "components", "security", "servers", "tags"}
    for path, operations in described["paths"].items():
        assert path.startswith("/"), path
        assert set(operations) <= METHODS, path
        named = set(re.findall(r"\{(\w+)\}", path))
        for operation in operations.values():
            _check_operation(operation, named, described)


def _check_operation(operation: dict[str, Any], named: set[str], described: dict[str, Any]) -> None:
    in_path = [p for p in operation.get("parameters", []) if p["in"] == "path"]
    assert {p["name"] for p in in_path} == named
    assert all(p["required"] and p["schema"] for p in in_path)
    places = [(p["in"], p["name"]) for p in operation.get("parameters", [])]
    assert len(set(places)) == len(places)
    assert operation["responses"]
    for status, response in operation["responses"].items():
        assert re.fullmatch(r"[1-5]\d\d|default", status)
        assert response["description"]
        assert all(
            "/" in media and set(content) == {"schema"} for media, content in response.get("content", {}).items()
        )
    for need in operation.get("security", described["security"]):
        assert set(need) <= set(described["components"]["securitySchemes"])


def test_every_schema_uses_words_of_json_schema_and_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    found = dict(schemas_in(described))
    assert len(found) > 100
    for path, schema in found.items():
        assert set(schema) <= SCHEMA_WORDS, path
        assert schema.get("type", "object") in TYPES, path
        assert set(schema.get("required", [])) <= set(schema.get("properties", {})), path
        if "$ref" in schema:
            area, _, name = schema["$ref"].rpartition("/")
            assert area == "#/components/schemas", path
            assert name in described["components"]["schemas"], path


def test_it_covers_every_call_of_the_api_and_no_other(api: Api, described: dict[str, Any]) -> None:
    served = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in api.server.flask.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, found in described["paths"].items() for method in found} == served


def test_every_command_names_its_key_and_every_call_its_problems(described: dict[str, Any]) -> None:
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            names = {p["name"] for p in operation.get("parameters", []) if p["in"] == "header"}
            assert names == ({"Idempotency-Key"} if method == "post" else set()), path
            if operation.get("security") != []:
                assert "application/problem+json" in operation["responses"]["default"]["content"], path


def test_anybody_may_read_it(api: Api, described: dict[str, Any]) -> None:
    answer = api.get("/api/openapi.json", role=None)
    assert (answer.status_code, answer.get_json()) == (200, described)


def test_answers_of_the_server_fit_what_it_says_of_them(api: Api, described: dict[str, Any]) -> None:
    model = described["components"]["schemas"]["Ticket"]
    ticket = api.post("/tickets", {"service": "id"}).get_json()
    assert set(model["required"]) <= set(ticket) <= set(model["properties"])
    board = described["components"]["schemas"]["Board"]
    assert set(board["required"]) <= set(api.get("/board").get_json()) <= set(board["properties"])
