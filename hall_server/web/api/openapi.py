"""The OpenAPI 3.1 document, made from the table of calls and the models they speak."""

import re
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import models_json_schema

from display.board import Board
from hall_server.contract import Message, Problem
from hall_server.web.api.permissions import ALLOWED
from hall_server.web.api.problems import CODES, MEDIA_TYPE
from hall_server.web.api.routes import BASE, ROUTES, Route

_REF = "#/components/schemas/{model}"


def document() -> dict[str, Any]:
    """The whole document as JSON values."""
    schemas = _schemas()
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        path = BASE + re.sub(r"<(\w+)>", r"{\1}", route.path)
        paths.setdefault(path, {})[route.method.lower()] = _operation(route)
    paths[f"{BASE}/board"] = {"get": _board(schemas)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "HallCall", "version": "1", "description": "Problems follow RFC 9457; `code` is stable."},
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _schemas() -> dict[str, Any]:
    models = {m for r in ROUTES for m in (r.body, *r.answers.values()) if isinstance(m, type) and _is_model(m)}
    ordered = sorted(models | {Problem}, key=lambda m: m.__name__)
    _, made = models_json_schema([(m, "serialization") for m in ordered], ref_template=_REF)
    found: dict[str, Any] = made["$defs"]
    return found


def _is_model(model: type) -> bool:
    return issubclass(model, Message)


def _content(model: Any) -> dict[str, Any]:
    if isinstance(model, type) and _is_model(model):
        return {"application/json": {"schema": {"$ref": _REF.format(model=model.__name__)}}}
    return {"application/json": {"schema": TypeAdapter(model).json_schema(ref_template=_REF)}}


def _operation(route: Route) -> dict[str, Any]:
    parameters = [_parameter(name, "path") for name in re.findall(r"<(\w+)>", route.path)]
    parameters += [_parameter(name, "query") for name in route.query]
    operation: dict[str, Any] = {
        "summary": route.summary,
        "description": f"For: {', '.join(sorted(ALLOWED[route.action]))}.",
        "parameters": parameters,
        "responses": {
            str(status): {"description": "Done", **({"content": _content(model)} if model else {})}
            for status, model in route.answers.items()
        },
    }
    operation["responses"]["default"] = {
        "description": f"A problem; codes: {', '.join(sorted(CODES))}",
        "content": {MEDIA_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
    }
    if route.body is not None:
        parameters.append(_parameter("Idempotency-Key", "header"))
        operation["requestBody"] = {"required": False, "content": _content(route.body)}
    return operation


def _parameter(name: str, where: str) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where != "query", "schema": {"type": "string"}}


def _board(schemas: dict[str, Any]) -> dict[str, Any]:
    schema = TypeAdapter(Board).json_schema(ref_template=_REF)
    schemas.update(schema.pop("$defs", {}))
    schemas["Board"] = schema
    reference = {"$ref": _REF.format(model="Board")}
    return {
        "summary": "What the public sees; the ETag is the revision",
        "security": [],
        "responses": {
            "200": {"description": "The board", "content": {"application/json": {"schema": reference}}},
            "304": {"description": "Still the same"},
        },
    }  # fmt: skip
