"""Recorded exchanges against the published description of an API.

usage: check_exchanges.py DESCRIPTION EXCHANGES [--prefix PATH] [--forgotten NAME]...
                          [--nullable NAME]... [--optional NAME]... [--any-credential]

DESCRIPTION is a Swagger 2.0 or OpenAPI 3.0 document, JSON or YAML. EXCHANGES holds a JSON array of
{method, path, request_headers, request, status, response_headers, response}: what a client asked a
simulator and what that answered; header fields as an object with names in lower case, bodies as
JSON values, null for none. Every request must be described: its path, its method, its parameters,
its credential, the kind of its content and each member of it; every answer must have a described
status and hold what is described for that, and nothing else.

--prefix is where the paths of the description begin, if its servers or its basePath do not say so.
--forgotten names a member that the real API answers with although its description has forgotten it,
--nullable one that it answers with as null although its description has forgotten that, --optional
one that the description demands and the real API neither sends nor wants at all times.
--any-credential is for a description that has forgotten how requests are authorized.

Exits 1 with a line for each thing that is not as described.
"""

import argparse
import json
import re
import sys
from urllib.parse import unquote, urlsplit

REQUEST, ANSWER = "request", "answer"


def load(path):
    with open(path, encoding="utf-8") as file:
        if path.endswith(".json"):
            return json.load(file)
        try:
            import yaml
        except ImportError:
            sys.exit("the module yaml is missing: apt install python3-yaml")
        return yaml.safe_load(file)


def is_of(value, kind):
    if kind in ("integer", "number"):
        numbers = int if kind == "integer" else (int, float)
        return isinstance(value, numbers) and not isinstance(value, bool)
    kinds = {"string": str, "boolean": bool, "array": list, "object": dict}
    return kind not in kinds or isinstance(value, kinds[kind])


def shown(value):
    text = json.dumps(value)
    return text if len(text) < 100 else text[:100] + "..."


class Schemas:
    """Values against schemas; `side` tells which of readOnly and writeOnly holds."""

    def __init__(self, description, options):
        self.description = description
        self.forgotten = set(options.forgotten)
        self.nullable = set(options.nullable)
        self.optional = set(options.optional)

    def resolve(self, schema):
        while "$ref" in schema:
            place = self.description
            for part in schema["$ref"].removeprefix("#/").split("/"):
                place = place[part.replace("~1", "/").replace("~0", "~")]
            schema = place
        return schema

    def members(self, schema):
        """The members that an object may have by any part of the schema; None: whatever it likes."""
        schema = self.resolve(schema)
        parts = [p for word in ("allOf", "anyOf", "oneOf") for p in schema.get(word, [])]
        if schema.get("additionalProperties"):
            return None
        known = dict(schema.get("properties", {}))
        found = "properties" in schema
        for part in parts:
            more = self.members(part)
            if more is None:
                continue
            found = True
            for name, member in more.items():
                known.setdefault(name, member)
        return known if found else None

    def check(self, value, schema, where, side, whole=True):
        """Faults of the value. Not `whole`: others look whether all members are described."""
        schema = self.resolve(schema)
        if value is None and self.may_be_null(schema):
            return []
        faults = self.check_itself(value, schema, where)
        if faults:
            return faults
        if isinstance(value, dict):
            faults += self.check_object(value, schema, where, side, whole)
        if isinstance(value, list) and "items" in schema:
            for number, item in enumerate(value):
                faults += self.check(item, schema["items"], f"{where}[{number}]", side)
        for part in schema.get("allOf", []):
            faults += self.check(value, part, where, side, False)
        for word in ("anyOf", "oneOf"):
            if word in schema:
                faults += self.check_choice(value, schema[word], where, side)
        return faults

    def may_be_null(self, schema):
        if schema.get("nullable"):
            return True
        parts = [p for word in ("anyOf", "oneOf") for p in schema.get(word, [])]
        if any(self.may_be_null(self.resolve(part)) for part in parts):
            return True
        every = schema.get("allOf", [])
        return bool(every) and all(self.may_be_null(self.resolve(part)) for part in every)

    @staticmethod
    def check_itself(value, schema, where):
        kind = schema.get("type", "object" if "properties" in schema else None)
        if kind is not None and not is_of(value, kind):
            return [f"{where}: {shown(value)} is no {kind}"]
        faults = []
        if "enum" in schema and value not in schema["enum"]:
            faults.append(f"{where}: {shown(value)} is none of {shown(schema['enum'])}")
        if is_of(value, "number"):
            # Some descriptions have large numbers as texts, "9e+07".
            least, most = (float(schema.get(end, value)) for end in ("minimum", "maximum"))
            if value < least or value > most:
                faults.append(f"{where}: {value} is out of range")
        if isinstance(value, str):
            if len(value) < schema.get("minLength", 0):
                faults.append(f"{where}: {shown(value)} is too short")
            if len(value) > schema.get("maxLength", len(value)):
                faults.append(f"{where}: {shown(value)} is too long")
            if "pattern" in schema and not re.search(schema["pattern"], value):
                faults.append(f"{where}: {shown(value)} is not like {schema['pattern']}")
        if isinstance(value, list):
            if len(value) < schema.get("minItems", 0):
                faults.append(f"{where}: too few elements")
            if len(value) > schema.get("maxItems", len(value)):
                faults.append(f"{where}: too many elements")
        return faults

    def check_object(self, value, schema, where, side, whole):
        faults = []
        if whole:
            known = self.members(schema)
            for name in value:
                forgotten = side == ANSWER and name in self.forgotten
                if known is not None and name not in known and not forgotten:
                    faults.append(f"{where}.{name} is not described")
        properties = schema.get("properties", {})
        for name, member in properties.items():
            if name not in value:
                continue
            member = self.resolve(member)
            hidden = "readOnly" if side == REQUEST else "writeOnly"
            if member.get(hidden):
                faults.append(f"{where}.{name} is {hidden} and stands in the {side}")
            if value[name] is None and side == ANSWER and name in self.nullable:
                continue
            faults += self.check(value[name], member, f"{where}.{name}", side)
        described = self.members(schema) or {}
        for name in schema.get("required", []):
            member = self.resolve(described.get(name, {}))
            needless = member.get("readOnly" if side == REQUEST else "writeOnly")
            if name not in value and not needless and name not in self.optional:
                faults.append(f"{where}.{name} is missing")
        return faults

    def check_choice(self, value, parts, where, side):
        """One of the parts must fit; the faults of the one that fits best."""
        best = None
        for part in parts:
            faults = self.check(value, part, where, side, False)
            if not faults:
                return []
            if best is None or len(faults) < len(best):
                best = faults
        return best or []


class Api:
    def __init__(self, description, options):
        self.description = description
        self.schemas = Schemas(description, options)
        self.prefix = self.own_prefix() if options.prefix is None else options.prefix
        self.any_credential = options.any_credential
        self.faults = []

    def own_prefix(self):
        servers = self.description.get("servers", [])
        if servers:
            return urlsplit(servers[0]["url"]).path.rstrip("/")
        return self.description.get("basePath", "").rstrip("/")

    def operation(self, method, path):
        """The operation, its parameters, and the path's own values; literal paths go first."""
        found = None
        for template, operations in self.description["paths"].items():
            names = re.findall(r"\{([^/]*?)\}", template)
            pattern = re.sub(r"\\\{[^/]*?\\\}", "([^/]+)", re.escape(template))
            match = re.fullmatch(pattern, path)
            if not match or method.lower() not in operations:
                continue
            if found is None or len(names) < found[0]:
                values = dict(zip(names, map(unquote, match.groups())))
                operation = operations[method.lower()]
                parameters = operations.get("parameters", []) + operation.get("parameters", [])
                found = (len(names), operation, list(map(self.schemas.resolve, parameters)), values)
        return found[1:] if found else None

    def parameter(self, text, parameter, where):
        """A parameter of the path or the query, which comes as text."""
        schema = self.schemas.resolve(parameter.get("schema", parameter))
        kind = schema.get("type")
        value = text
        try:
            if kind == "integer":
                value = int(text)
            elif kind == "number":
                value = float(text)
            elif kind == "boolean":
                value = {"true": True, "false": False}[text]
        except (ValueError, KeyError):
            self.faults.append(f"{where}: {parameter['name']} is no {kind}: {shown(text)}")
            return
        if kind == "array":
            return
        # "required" of a Swagger 2.0 parameter is not a list of members.
        schema = {name: part for name, part in schema.items() if name != "required"}
        name = f"{where}: {parameter['name']}"
        self.faults += self.schemas.check(value, schema, name, REQUEST)

    def check_parameters(self, parameters, values, query, where):
        known = {(p["in"], p["name"]): p for p in parameters}
        for name, text in values.items():
            if ("path", name) in known:
                self.parameter(text, known[("path", name)], where)
        given = set()
        for part in filter(None, query.split("&")):
            name, _, text = part.partition("=")
            name = unquote(name)
            if ("query", name) not in known:
                self.faults.append(f"{where}: the parameter {name} is not described")
                continue
            if name in given:
                self.faults.append(f"{where}: the parameter {name} stands there twice")
            given.add(name)
            self.parameter(unquote(text), known[("query", name)], where)
        for (place, name), parameter in known.items():
            if place == "query" and parameter.get("required") and name not in given:
                self.faults.append(f"{where}: the parameter {name} is missing")

    def check_credential(self, operation, headers, where):
        """One of the described ways to say who asks; none described: whatever it likes."""
        if self.any_credential:
            return
        ways = operation.get("security", self.description.get("security", []))
        schemes = self.description.get("components", {}).get("securitySchemes", {})
        schemes = schemes or self.description.get("securityDefinitions", {})

        def carries(name):
            scheme = schemes.get(name, {})
            if scheme.get("type") == "http":
                start = scheme["scheme"].lower() + " "
                return headers.get("authorization", "").lower().startswith(start)
            if scheme.get("type") == "apiKey" and scheme["in"] == "header":
                return scheme["name"].lower() in headers
            return True

        if ways and not any(all(carries(name) for name in way) for way in ways):
            self.faults.append(f"{where}: the request carries none of the credentials described")

    def content(self, described, headers, where):
        """The schema for a content of the kind that the header fields tell, or None."""
        media = headers.get("content-type", "").partition(";")[0].strip().lower()
        kinds = {kind.partition(";")[0].lower(): content for kind, content in described.items()}
        if media not in kinds:
            self.faults.append(f"{where}: content of the kind \"{media}\" is not described")
            return None
        return kinds[media].get("schema", {})

    def check_body(self, operation, parameters, exchange, where):
        body, headers = exchange["request"], exchange["request_headers"]
        where += " request"
        schema, required = None, False
        if "requestBody" in operation:
            described = self.schemas.resolve(operation["requestBody"])
            required = described.get("required", False)
            if body is not None:
                schema = self.content(described["content"], headers, where)
        else:
            bodies = [p for p in parameters if p["in"] == "body"]
            required = any(p.get("required") for p in bodies)
            if bodies:
                schema = bodies[0]["schema"]
            elif body is not None:
                self.faults.append(f"{where}: no body is described")
        if body is None and required:
            self.faults.append(f"{where}: the body is missing")
        if body is not None and schema is not None:
            self.faults += self.schemas.check(body, schema, where, REQUEST)

    def check_answer(self, operation, exchange, where):
        status, body = str(exchange["status"]), exchange["response"]
        answers = {str(key).upper(): value for key, value in operation["responses"].items()}
        answer = answers.get(status, answers.get(status[0] + "XX", answers.get("DEFAULT")))
        if answer is None:
            self.faults.append(f"{where}: the status {status} is not described")
            return
        answer = self.schemas.resolve(answer)
        where = f"{where} answer {status}"
        headers = exchange["response_headers"]
        for name, header in answer.get("headers", {}).items():
            header = self.schemas.resolve(header)
            if name.lower() in headers:
                self.parameter(headers[name.lower()], {"name": name, **header}, where)
        schema = answer.get("schema")
        if body is not None and "content" in answer:
            schema = self.content(answer["content"], headers, where)
        elif body is not None and schema is None and "openapi" in self.description:
            self.faults.append(f"{where}: no body is described")
        if body is None and (schema is not None or "content" in answer):
            self.faults.append(f"{where}: the body is missing")
        if body is not None and schema is not None:
            self.faults += self.schemas.check(body, schema, where, ANSWER)

    def check(self, exchange):
        path, _, query = exchange["path"].partition("?")
        where = f"{exchange['method']} {exchange['path']}"
        found = None
        if path.startswith(self.prefix + "/"):
            found = self.operation(exchange["method"], path[len(self.prefix):])
        if found is None:
            self.faults.append(f"{where} is not described")
            return
        operation, parameters, values = found
        self.check_parameters(parameters, values, query, where)
        # Who is refused for lack of a credential may lack it.
        if exchange["status"] != 401:
            self.check_credential(operation, exchange["request_headers"], where)
        # A request that is refused may be wrong; it is the answer that counts then.
        if exchange["status"] < 400:
            self.check_body(operation, parameters, exchange, where)
        self.check_answer(operation, exchange, where)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("description")
    parser.add_argument("exchanges")
    parser.add_argument("--prefix")
    parser.add_argument("--forgotten", action="append", default=[])
    parser.add_argument("--nullable", action="append", default=[])
    parser.add_argument("--optional", action="append", default=[])
    parser.add_argument("--any-credential", action="store_true")
    options = parser.parse_args()
    api = Api(load(options.description), options)
    exchanges = load(options.exchanges)
    for exchange in exchanges:
        api.check(exchange)
    for fault in api.faults:
        print(fault)
    print(f"{len(exchanges)} exchanges checked")
    sys.exit(1 if api.faults else 0)


if __name__ == "__main__":
    main()
