"""Bodies read exactly, and no larger than they may be: 0.1 is 0.1 here, not the nearest fraction of a power of two."""

import json
from collections.abc import Callable, Coroutine
from decimal import Decimal
from typing import Any, NoReturn

from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

LARGEST = 256 * 1024
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class ExactRequest(Request):
    """A request whose JSON has Decimals for numbers with a point; whole numbers are int, however they are written."""

    async def body(self) -> bytes:
        if not hasattr(self, "_body"):
            body = bytearray()
            async for piece in self.stream():
                body += piece
                if len(body) > LARGEST:
                    raise HTTPException(413, f"Bodies have at most {LARGEST // 1024} KB; nothing was stored.")
            self._body = bytes(body)
        return self._body

    async def json(self) -> Any:
        body = await self.body()
        try:
            return json.loads(body, parse_float=_number, parse_constant=_refuse)
        except json.JSONDecodeError:
            raise
        except (ValueError, RecursionError) as error:  # not UTF-8, a number without end, brackets without end
            raise json.JSONDecodeError(str(error), "", 0) from None


class ExactRoute(APIRoute):
    """A route that is handed such requests: the way that FastAPI documents for a request of one's own."""

    def get_route_handler(self) -> Handler:
        handle = super().get_route_handler()

        async def exactly(request: Request) -> Response:
            return await handle(ExactRequest(request.scope, request.receive))

        return exactly


def _number(text: str) -> Decimal | int:
    value = Decimal(text)
    is_whole = abs(value.adjusted()) < 20 and value == value.to_integral_value()
    return int(value) if is_whole else value


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number of JSON")
