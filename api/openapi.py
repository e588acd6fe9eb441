"""The OpenAPI document of the application. The page's client is made from it.

Making it takes half a second, so it is made once, and served as the bytes that it then is.
"""

from __future__ import annotations

import gzip
import hashlib
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Any

import orjson
from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from starlette.responses import Response

from api.models import ParameterProblem, Problem
from api.routes.common import PROBLEM, Responses

if TYPE_CHECKING:
    from fastapi import FastAPI

    from xincha.settings import Settings

DESCRIPTION = """\
Search of the public credit information of commercial entities: registrations, penalties 行政处罚, listings of abnormal
operation 经营异常 and spot-checks 抽查检查, each with its source.

* Lists are repeated parameters: `status=存续&status=注销`. Any value of one parameter may match, all parameters must.
* Dates are `YYYY-MM-DD`. Amounts are yuan.
* `cursor` of an answer, given back with everything else unchanged, is the next page, to any depth.
* Errors are `application/problem+json`. A parameter that is wrong or unknown is 400 and says what would be right.
* Callers are limited: `RateLimit` says what is left, 429 with `Retry-After` that it is too much. A key
  (`Authorization: Bearer`) gives limits of its own, and shows nothing that is not public.
* What may not be shown by law today is in no answer, no count and no sum.
"""

LIMITED: Responses = {
    "401": {**PROBLEM, "description": "the key that was shown is none, was revoked, or is over"},
    "429": {
        **PROBLEM,
        "description": "more than one caller may ask",
        "headers": {"Retry-After": {"description": "seconds", "schema": {"type": "integer"}}},
    },
}
KEY = {
    "type": "http",
    "scheme": "bearer",
    "description": "made by `xincha key make`; without one an address is a caller",
}


def document(app: FastAPI, settings: Settings) -> dict[str, Any]:
    """The document of `app`: without the framework's 422, and with the bounds of these settings."""
    made = get_openapi(
        title="Xincha",
        version=app.version,
        description=DESCRIPTION,
        routes=app.routes,
        tags=app.openapi_tags,
        contact={"name": "who runs this service", **({"url": settings.base_url} if settings.base_url else {})},
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
    )
    made["servers"] = [{"url": settings.base_url or "/"}]
    for path in made["paths"].values():
        for operation in path.values():
            operation["responses"].pop("422", None)
            operation["responses"] |= LIMITED
            operation["security"] = [{}, {"key": []}]
            for parameter in operation.get("parameters", ()):
                if parameter["name"] == "page_size":
                    parameter["schema"]["maximum"] = settings.max_page_size
    made["components"]["securitySchemes"] = {"key": KEY}
    schemas = made["components"]["schemas"]
    for framework in ("HTTPValidationError", "ValidationError"):
        schemas.pop(framework, None)
    for model in (ParameterProblem, Problem):
        schemas[model.__name__] = model.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas[model.__name__].pop("$defs", None)
    return made


class Description:
    """The document as bytes, made when it is first asked for. Safe to share between threads."""

    def __init__(self, document: Callable[[], dict[str, Any]]) -> None:
        self._document = document
        self._lock = Lock()
        self._made: tuple[bytes, bytes, str] | None = None

    def written(self) -> tuple[bytes, bytes, str]:
        """It, it in gzip, and its tag."""
        with self._lock:
            if self._made is None:
                plain = orjson.dumps(self._document())
                tag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
                self._made = plain, gzip.compress(plain, mtime=0), tag
            return self._made

    def router(self) -> APIRouter:
        """Its route."""
        routes = APIRouter()

        @routes.get("/api/v1/openapi.json", include_in_schema=False)
        def openapi(request: Request) -> Response:
            plain, zipped, tag = self.written()
            headers = {"etag": tag, "cache-control": "no-cache", "vary": "Accept-Encoding"}
            if tag in request.headers.get("if-none-match", ""):
                return Response(status_code=304, headers=headers)
            if "gzip" in request.headers.get("accept-encoding", ""):
                return Response(zipped, headers={**headers, "content-encoding": "gzip"}, media_type="application/json")
            return Response(plain, headers=headers, media_type="application/json")

        return routes
