"""The OpenAPI document, with every error as the problem that it is on the wire."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from app.web.api import TAGS

PROBLEM = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
OF_FASTAPI = ("HTTPValidationError", "ValidationError")


def name_of(route: APIRoute) -> str:
    """The name of an operation: that of its function."""
    return route.name


def install(app: FastAPI) -> None:
    """Serve `/openapi.json`, made once."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _document(app: FastAPI) -> dict[str, Any]:
    made = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        routes=app.routes,
        tags=[{"name": name, "description": about} for name, about in TAGS],
    )
    for operations in made["paths"].values():
        for operation in operations.values():
            for response in operation["responses"].values():
                if _is_error(response):
                    response["content"] = PROBLEM
    for name in OF_FASTAPI:
        made["components"]["schemas"].pop(name, None)
    return made


def _is_error(response: dict[str, Any]) -> bool:
    schema = response.get("content", {}).get("application/json", {}).get("schema", {})
    return str(schema.get("$ref")).rpartition("/")[2] in ("Problem", *OF_FASTAPI)
