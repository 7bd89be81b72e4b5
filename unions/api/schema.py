"""The OpenAPI description: generated from the resources, completed with what every call may be refused with."""

import json
from functools import lru_cache
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.generators import SchemaGenerator

METHODS = ("get", "post", "patch")
PROBLEM = {
    "type": "object",
    "required": ["code", "message"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "explain": {"type": "string", "description": "the page that explains one's access (403 and 404)"},
        "errors": {"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}},
        "current": {
            "type": "object",
            "properties": {"revision": {"type": "integer"}, "state": {"type": "string"}},
        },
    },
}


def sentences() -> dict[str, str]:
    """What each refusal means, in the reader's language."""
    return {
        "400": _("The call cannot be understood."),
        "401": _("Nobody is signed in."),
        "403": _("In sight, but your appointment does not include this."),
        "404": _("Not there, or outside your scope; the two look the same."),
        "409": _("Somebody changed it since the revision you gave, or its state does not allow this move."),
        "422": _("Something is missing or wrong; errors are named by field."),
        "429": _("Too many calls; wait as long as Retry-After says."),
    }


def describe_refusals(result: dict, generator: Any, request: Any, public: bool) -> dict:
    """Hook of drf-spectacular: add the refusals that the resources have in common to every operation."""
    result["components"]["schemas"]["Problem"] = PROBLEM
    # The generator takes methods from a set, in another order in each process.
    ordered = {path: {m: found[m] for m in METHODS if m in found} for path, found in result["paths"].items()}
    result["paths"] = ordered
    words = sentences()
    for operations in result["paths"].values():
        for method, operation in operations.items():
            codes = ["401", "403", "404", "429"]  # 404 also for a page after a list's last one
            codes += ["400", "409", "422"] if method != "get" else (["422"] if operation.get("parameters") else [])
            for code in sorted(codes):
                content = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
                operation["responses"].setdefault(code, {"content": content, "description": words[code]})
    return result


def description() -> dict:
    """The schema in the active language; made once per language and process."""
    return _made(get_language() or "")


@lru_cache(maxsize=4)
def _made(language: str) -> dict:
    schema = SchemaGenerator().get_schema(request=None, public=True)
    return json.loads(json.dumps(schema, cls=DjangoJSONEncoder))
