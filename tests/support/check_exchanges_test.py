"""The checker of exchanges (check_exchanges.py) on small descriptions: what is as described passes,
and each thing that is not is found, by the words of its fault."""

import copy
import sys
from types import SimpleNamespace

from check_exchanges import Api

RECORD = {
    "type": "object",
    "required": ["id", "type"],
    "properties": {
        "id": {"type": "integer", "readOnly": True},
        "type": {"type": "string", "enum": ["A", "MX"]},
        "data": {"type": "string", "maxLength": 20, "pattern": "^[a-z0-9.]+$"},
        "ttl": {"type": "integer", "minimum": 30, "maximum": 86400},
        "flags": {"type": "integer", "nullable": True},
        "secret": {"type": "string", "writeOnly": True},
    },
}

OPENAPI = {
    "openapi": "3.0.0",
    "servers": [{"url": "https://api.example.net/v2"}],
    "security": [{"bearer": []}, {"mail": [], "key": []}],
    "components": {
        "schemas": {"record": RECORD},
        "securitySchemes": {
            "bearer": {"type": "http", "scheme": "bearer"},
            "mail": {"type": "apiKey", "in": "header", "name": "X-Mail"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
        },
    },
    "paths": {
        "/records": {
            "get": {
                "parameters": [
                    {"name": "page", "in": "query", "schema": {"type": "integer", "maximum": 9}},
                    {"name": "zone", "in": "query", "required": True, "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "headers": {"Limit": {"schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {
                                "schema": {
                                    "allOf": [
                                        {
                                            "type": "object",
                                            "required": ["records"],
                                            "properties": {
                                                "records": {
                                                    "type": "array",
                                                    "items": {
                                                        "$ref": "#/components/schemas/record"
                                                    },
                                                }
                                            },
                                        },
                                        {"required": ["total"], "properties": {"total": {}}},
                                    ]
                                }
                            }
                        },
                    },
                    "4XX": {"description": "refused"},
                },
            },
            "post": {
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": {
                                "oneOf": [
                                    {
                                        "allOf": [
                                            {"$ref": "#/components/schemas/record"},
                                            {"required": ["data"]},
                                        ]
                                    },
                                    {
                                        "type": "object",
                                        "required": ["copy_of"],
                                        "properties": {"copy_of": {"type": "integer"}},
                                    },
                                ]
                            }
                        }
                    },
                },
                "responses": {
                    "201": {
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/record"}}
                        }
                    }
                },
            },
        },
        "/records/{id}": {
            "delete": {
                "parameters": [
                    {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
                ],
                "responses": {"204": {"description": "gone"}},
            }
        },
        "/records/all": {"delete": {"responses": {"204": {"description": "gone"}}}},
    },
}

SWAGGER = {
    "swagger": "2.0",
    "basePath": "/api",
    "securityDefinitions": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
    "security": [{"key": []}],
    "definitions": {"zone": {"properties": {"name": {"type": "string"}}, "required": ["name"]}},
    "paths": {
        "/zones": {
            "post": {
                "parameters": [
                    {
                        "name": "zone",
                        "in": "body",
                        "required": True,
                        "schema": {"$ref": "#/definitions/zone"},
                    }
                ],
                "responses": {201: {"schema": {"$ref": "#/definitions/zone"}}},
            }
        }
    },
}


def exchange(method, path, request, status, response):
    return {
        "method": method,
        "path": path,
        "request_headers": {"authorization": "Bearer x", "content-type": "application/json"},
        "request": request,
        "status": status,
        "response_headers": {"content-type": "application/json; charset=utf-8", "limit": "7"},
        "response": response,
    }


A = {"id": 1, "type": "A", "data": "192.0.2.1", "ttl": 60, "flags": None}
LIST = exchange("GET", "/v2/records?zone=a%2Fb&page=1", None, 200, {"records": [A], "total": 1})
MAKE = exchange("POST", "/v2/records", {"type": "A", "data": "x", "secret": "s"}, 201, A)
COPY = exchange("POST", "/v2/records", {"copy_of": 1}, 201, A)
GONE = exchange("DELETE", "/v2/records/7", None, 204, None)
ALL = exchange("DELETE", "/v2/records/all", None, 204, None)
ZONE = exchange("POST", "/api/zones", {"name": "a"}, 201, {"name": "a"})
ZONE["request_headers"]["x-key"] = "k"


def changed(base, **parts):
    """The exchange with other parts; a dict is laid over what is there, None takes a member away."""
    other = copy.deepcopy(base)
    for name, value in parts.items():
        if isinstance(value, dict) and isinstance(other[name], dict):
            for member, content in value.items():
                if content is None:
                    other[name].pop(member, None)
                else:
                    other[name][member] = content
        else:
            other[name] = value
    return other


def listed(**members):
    record = {**A, **members}
    return changed(LIST, response={"records": [{k: v for k, v in record.items() if v != "-"}]})


# An exchange, and words of the one fault it has; none: it is as described.
ROWS = [
    (OPENAPI, LIST, None),
    (OPENAPI, MAKE, None),
    (OPENAPI, COPY, None),
    (OPENAPI, GONE, None),
    (OPENAPI, ALL, None),
    (SWAGGER, ZONE, None),
    (OPENAPI, changed(LIST, path="/v1/records?zone=a"), "is not described"),
    (OPENAPI, changed(LIST, method="PUT"), "is not described"),
    (OPENAPI, changed(LIST, path="/v2/records?zone=a&sort=up"), "parameter sort is not described"),
    (OPENAPI, changed(LIST, path="/v2/records?page=1"), "parameter zone is missing"),
    (OPENAPI, changed(LIST, path="/v2/records?zone=a&zone=b"), "stands there twice"),
    (OPENAPI, changed(LIST, path="/v2/records?zone=a&page=x"), "page is no integer"),
    (OPENAPI, changed(LIST, path="/v2/records?zone=a&page=10"), "out of range"),
    (OPENAPI, changed(GONE, path="/v2/records/x"), "id is no integer"),
    (OPENAPI, changed(LIST, request={"a": 1}), "no body is described"),
    (OPENAPI, changed(LIST, request_headers={"authorization": None}), "none of the credentials"),
    (OPENAPI, changed(LIST, request_headers={"authorization": "Basic x"}), "none of the cred"),
    (
        OPENAPI,
        changed(LIST, request_headers={"authorization": None, "x-mail": "m", "x-key": "k"}),
        None,
    ),
    (
        OPENAPI,
        changed(LIST, request_headers={"authorization": None, "x-mail": "m"}),
        "none of the credentials",
    ),
    (OPENAPI, changed(LIST, status=404, response=None), None),
    (OPENAPI, changed(LIST, status=500, response=None), "status 500 is not described"),
    (OPENAPI, changed(LIST, response=None), "body is missing"),
    (OPENAPI, changed(LIST, response={"total": None}), "total is missing"),
    (OPENAPI, changed(LIST, response={"more": 1}), "more is not described"),
    (OPENAPI, changed(LIST, response_headers={"limit": "many"}), "Limit is no integer"),
    (OPENAPI, changed(LIST, response_headers={"content-type": "text/html"}), "of the kind"),
    (OPENAPI, listed(id="1"), "is no integer"),
    (OPENAPI, listed(id=True), "is no integer"),
    (OPENAPI, listed(id="-"), "id is missing"),
    (OPENAPI, listed(type="TXT"), "is none of"),
    (OPENAPI, listed(ttl=29), "out of range"),
    (OPENAPI, listed(ttl=None), "null is no integer"),
    (OPENAPI, listed(data="A"), "is not like"),
    (OPENAPI, listed(data="a" * 21), "too long"),
    (OPENAPI, listed(name="x"), "name is not described"),
    (OPENAPI, listed(secret="s"), "writeOnly"),
    (OPENAPI, changed(MAKE, request={"id": 5}), "readOnly"),
    (OPENAPI, changed(MAKE, request={"data": None}), "is missing"),
    (OPENAPI, changed(MAKE, request={"nothing": 1}), "nothing is not described"),
    (OPENAPI, changed(MAKE, request=None), "body is missing"),
    (OPENAPI, changed(MAKE, request_headers={"content-type": "text/plain"}), "of the kind"),
    (OPENAPI, changed(GONE, response={"a": 1}), "no body is described"),
    (SWAGGER, changed(ZONE, request_headers={"x-key": None}), "none of the credentials"),
    (SWAGGER, changed(ZONE, request={"name": 1}), "is no string"),
    (SWAGGER, changed(ZONE, request={"kind": "x"}), "kind is not described"),
    (SWAGGER, changed(ZONE, response={"name": None}), "name is missing"),
    (SWAGGER, changed(ZONE, status=200), "status 200 is not described"),
]


def options(**given):
    usual = {"prefix": None, "forgotten": [], "nullable": [], "optional": []}
    return SimpleNamespace(**{**usual, "any_credential": False, **given})


# The same with what a description has forgotten.
LENIENT = [
    (listed(name="x"), {"forgotten": ["name"]}),
    (changed(MAKE, request={"name": "x"}), None),
    (listed(ttl=None), {"nullable": ["ttl"]}),
    (listed(id="-"), {"optional": ["id"]}),
    (changed(LIST, request_headers={"authorization": None}), {"any_credential": True}),
    (changed(LIST, path="/records?zone=a"), {"prefix": ""}),
]


def main():
    wrong = []
    for number, (description, one, words) in enumerate(ROWS):
        api = Api(description, options())
        api.check(one)
        right = not api.faults if words is None else any(words in fault for fault in api.faults)
        if not right:
            wrong.append(f"row {number}: wanted {words!r}, found {api.faults}")
    for number, (one, given) in enumerate(LENIENT):
        api = Api(OPENAPI, options(**(given or {"forgotten": ["name"]})))
        api.check(one)
        # What is forgotten of answers is none the less not to be sent.
        if bool(api.faults) != (given is None):
            wrong.append(f"lenient row {number}: found {api.faults}")
    for line in wrong:
        print(line)
    print(f"{len(ROWS) + len(LENIENT)} exchanges, {len(wrong)} judged wrongly")
    sys.exit(1 if wrong else 0)


main()
