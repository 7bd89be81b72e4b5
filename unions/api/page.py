"""The API page: the generated schema, drawn by the server, with a sample of every request and answer."""

import json
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from unions.api.schema import description, sentences
from unions.kit.http import any_account

# Samples by field name, where the type alone would make a poor one.
SAMPLES = {
    "id": 31, "name": "望京街道总工会", "code": "110105026", "period": "2026Q3", "revision": 3, "form": "quarterly-return",
    "rule": "quarterly-return", "credit_code": "91110105MA01D37K4T", "employer_name": "北京望京科技有限公司",
    "figures": {"workers": 264, "members": 242}, "sources": {"workers": "register", "members": "last"},
    "explanations": {}, "remarks": {"members": "会员数较上季度减少，请核实。"}, "reason": "会员数与名册不符，请核对后重新报送。",
    "key": "quarterly-return", "chair_name": "王芳", "chair_phone": "138****5678", "submitted_by": "王芳", "by": "李强",
    "decided_by": "李强", "filled_by": "王芳", "title": "2026年第三季度信息反馈已接受", "message": "…", "sentence": "…",
    "address": "", "shortfall": [], "included": [], "moves": ["submit"], "page": "/returns/31/", "url": "/returns/31/", "kind": "street", "severity": "explain", "field": "members", "unit": "人", "section": "会员队伍",
    "tier": 2, "members": 242, "women_members": 109, "workers": 264, "women_workers": 118, "migrant_workers": 46,
    "errors": {}, "params": {}, "data": {}, "result": {}, "next": None, "previous": None, "count": 1,
}  # fmt: skip
DEEPEST = 6


@dataclass
class Operation:
    """One call: what it does, what it takes and what it answers."""

    method: str
    path: str
    summary: str
    parameters: list[dict]
    request: str
    answers: list[dict]
    sample: str


@dataclass
class Group:
    """A resource with its calls."""

    name: str
    operations: list[Operation] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.operations[0].summary


@any_account
@require_GET
def schema(request: HttpRequest) -> HttpResponse:
    """The OpenAPI description for programs."""
    return JsonResponse(description(), json_dumps_params={"ensure_ascii": False, "indent": 1})


@any_account
@require_GET
def api_page(request: HttpRequest) -> HttpResponse:
    """The same description for people; no script of others, so the portal's strict policy stands."""
    document = description()
    context = {
        "groups": groups(document), "refusals": sentences(), "sample_error": in_json(error_sample()),
        "version": document["info"]["version"],
    }  # fmt: skip
    return render(request, "api/page.html", context)


def error_sample() -> dict:
    return {"code": "conflict", "message": "…", "current": {"revision": 4, "state": "accepted"}}


def groups(document: dict) -> list[Group]:
    """The calls by resource, in the order of the addresses."""
    found: dict[str, Group] = {}
    for path, operations in document["paths"].items():
        name = path.removeprefix("/api/v1/").split("/")[0]
        group = found.setdefault(name, Group(name))
        group.operations += [operation(document, path, method, of) for method, of in operations.items()]
    return list(found.values())


def operation(document: dict, path: str, method: str, of: dict) -> Operation:
    body = of.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
    code, answer = next((code, answer) for code, answer in of["responses"].items() if code.startswith("2"))
    shape = answer.get("content", {}).get("application/json", {}).get("schema")
    return Operation(
        method=method.upper(), path=path, summary=of.get("summary", ""),
        parameters=[parameter(document, one) for one in of.get("parameters", [])],
        request=in_json(sample(document, body)) if body else "",
        answers=[{"code": number, "text": one.get("description", "")} for number, one in of["responses"].items()],
        sample=f"{code}\n{in_json(sample(document, shape))}" if shape else code,
    )  # fmt: skip


def parameter(document: dict, one: dict) -> dict:
    shape = resolved(document, one.get("schema", {}))
    shape = resolved(document, shape.get("items", {})) if shape.get("type") == "array" else shape
    return {
        "name": one["name"], "place": one["in"], "required": one.get("required", False),
        "type": shape.get("format") or shape.get("type", ""), "choices": [str(c) for c in shape.get("enum", []) if c],
        "text": one.get("description", "").split("\n\n* ")[0].partition("* `")[0].strip(),
    }  # fmt: skip


def resolved(document: dict, shape: dict) -> dict:
    """A schema with its reference followed."""
    for part in shape.get("allOf", [])[:1]:
        return {**resolved(document, part), **{k: v for k, v in shape.items() if k != "allOf"}}
    for part in (*shape.get("oneOf", []), *shape.get("anyOf", [])):
        return resolved(document, part)
    if "$ref" not in shape:
        return shape
    return resolved(document, document["components"]["schemas"][shape["$ref"].rsplit("/", 1)[1]])


def sample(document: dict, shape: dict, name: str = "", depth: int = 0) -> Any:
    """A value of the schema's shape that reads like a real one."""
    shape = resolved(document, shape)
    if depth > DEEPEST:
        return None
    kind = shape.get("type", "string")
    if kind == "object" and "properties" in shape:
        return {key: sample(document, of, key, depth + 1) for key, of in shape["properties"].items()}
    choices = shape.get("enum")
    if name in SAMPLES and SAMPLES[name] in (choices or [SAMPLES[name]]):
        return SAMPLES[name]
    if choices:
        return choices[0]
    if kind == "array":
        return [sample(document, shape.get("items", {}), name, depth + 1)]
    by_format = {"date": "2026-10-12", "date-time": "2026-10-09T16:20:00+08:00", "double": 0.965}
    by_type = {"integer": 1, "number": 0.965, "boolean": False, "object": {}, "string": ""}
    return by_format.get(shape.get("format", ""), by_type.get(kind, ""))


def in_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
