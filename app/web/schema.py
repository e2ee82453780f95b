"""The JSON Schema of the file of OKRs, for editors; it says nothing about this installation, so no token is asked."""

from fastapi import APIRouter, Response

from app.services import okrs

router = APIRouter()


@router.get("/okrs.schema.json", include_in_schema=False)
def schema() -> Response:
    return Response(okrs.schema_text(), media_type="application/schema+json")
