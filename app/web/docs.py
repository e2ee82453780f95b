"""The API's documentation page, from files of our own: the service may have no way out to the internet."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

VERSION = "5.35.0"
FILES = Path(__file__).parent.parent.parent / "templates" / "web" / f"swagger-ui-{VERSION}"
ADDRESS = f"/swagger-ui-{VERSION}"
NO_ICON = "data:,"


def install(app: FastAPI) -> None:
    """Serve `/docs` and what it needs."""
    app.mount(ADDRESS, StaticFiles(directory=FILES), name="swagger-ui")

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Plainsight API",
            swagger_js_url=f"{ADDRESS}/swagger-ui-bundle.js",
            swagger_css_url=f"{ADDRESS}/swagger-ui.css",
            swagger_favicon_url=NO_ICON,
        )
