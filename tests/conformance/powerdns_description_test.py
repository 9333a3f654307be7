"""The published description of the PowerDNS API against recorded exchanges.

usage: powerdns_description_test.py DESCRIPTION EXCHANGES

EXCHANGES holds a JSON array of {method, path, request, status, response}: what mxsmith asked the
simulator and what that answered. Every request must be described: its path, its method, the members
of its body and their types; every answer must have a described status and only described members of
described types. Exits 1 with a line for each thing that is not.
"""

import json
import re
import sys

try:
    import yaml
except ImportError:
    sys.exit("the module yaml is missing: apt install python3-yaml")

# The real server answers with these as well, and its description has forgotten them.
FORGOTTEN = {"last_check", "type"}

TYPES = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict}


class Check:
    def __init__(self, description):
        self.description = description
        self.faults = []

    def resolve(self, schema):
        while "$ref" in schema:
            schema = self.description["definitions"][schema["$ref"].rsplit("/", 1)[1]]
        return schema

    def value(self, value, schema, where):
        schema = self.resolve(schema)
        kind = schema.get("type", "object" if "properties" in schema else None)
        expected = TYPES.get(kind)
        if expected is not None and (
            not isinstance(value, expected) or (kind == "integer" and isinstance(value, bool))
        ):
            self.faults.append(f"{where}: {value!r} is no {kind}")
            return
        if kind == "array":
            for number, item in enumerate(value):
                self.value(item, schema["items"], f"{where}[{number}]")
        elif kind == "object" and "properties" in schema:
            for name, member in value.items():
                if name not in schema["properties"]:
                    if name in FORGOTTEN and " answer" in where:
                        continue
                    self.faults.append(f"{where}.{name} is not described")
                else:
                    self.value(member, schema["properties"][name], f"{where}.{name}")

    def operation(self, method, path):
        for template, operations in self.description["paths"].items():
            pattern = re.sub(r"\\\{[^/]*?\\\}", "[^/]+", re.escape(template))
            if re.fullmatch(pattern, path) and method.lower() in operations:
                return operations[method.lower()], operations.get("parameters", [])
        return None, []

    def exchange(self, exchange):
        path, _, query = exchange["path"].partition("?")
        path = path.removeprefix(self.description["basePath"])
        where = f"{exchange['method']} {exchange['path']}"
        operation, shared = self.operation(exchange["method"], path)
        if operation is None:
            self.faults.append(f"{where} is not described")
            return
        parameters = shared + operation.get("parameters", [])
        known = {p["name"] for p in parameters if p["in"] == "query"}
        for part in filter(None, query.split("&")):
            if part.split("=")[0] not in known:
                self.faults.append(f"{where}: the parameter {part} is not described")
        if exchange["request"] is not None:
            body = [p for p in parameters if p["in"] == "body"]
            if not body:
                self.faults.append(f"{where}: no body is described")
            else:
                self.value(exchange["request"], body[0]["schema"], where + " request")
        responses = {str(status): answer for status, answer in operation["responses"].items()}
        answer = responses.get(str(exchange["status"]))
        if answer is None:
            self.faults.append(f"{where}: the status {exchange['status']} is not described")
        elif exchange["response"] is not None and "schema" in answer:
            self.value(exchange["response"], answer["schema"], where + " answer")


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        check = Check(yaml.safe_load(file))
    with open(sys.argv[2], encoding="utf-8") as file:
        exchanges = json.load(file)
    for exchange in exchanges:
        check.exchange(exchange)
    for fault in check.faults:
        print(fault)
    print(f"{len(exchanges)} exchanges checked")
    sys.exit(1 if check.faults else 0)


main()
