"""AWS's service model of Route 53 against recorded exchanges.

usage: route53_model_test.py MODEL EXCHANGES

MODEL is the model as AWS's own tools carry it (service-2.json). EXCHANGES holds a JSON array of
{method, path, headers, request, status, response}: what mxsmith asked the simulator and what that
answered. For every exchange the operation must be in the model; parameters in path and query must
be those of its input shape; bodies are walked element by element along the shapes: names, order,
types, ranges, what is required. Errors must be those of the operation, or of all of AWS. Exits 1
with a line for each thing that is not.
"""

import json
import re
import sys
import xml.etree.ElementTree as tree
from urllib.parse import unquote

# What any operation of AWS may answer; the model does not repeat it.
COMMON_ERRORS = {
    "AccessDenied": 403,
    "ExpiredToken": 403,
    "InvalidClientTokenId": 403,
    "MissingAuthenticationToken": 403,
    "SignatureDoesNotMatch": 403,
    "IncompleteSignature": 403,
    "Throttling": 400,
    "UnknownOperationException": 404,
}


class Check:
    def __init__(self, model):
        self.operations = model["operations"]
        self.shapes = model["shapes"]
        self.faults = []
        self.used = set()

    def fault(self, where, what):
        self.faults.append(f"{where}: {what}")

    def text(self, text, name, where):
        """A value without members, in a body, a path or a query."""
        shape = self.shapes[name]
        kind = shape["type"]
        if kind == "string":
            if not shape.get("min", 0) <= len(text) <= shape.get("max", len(text)):
                self.fault(where, f"{text!r} has {len(text)} signs")
            if "enum" in shape and text not in shape["enum"]:
                self.fault(where, f"{text!r} is none of {', '.join(shape['enum'])}")
            if "pattern" in shape and not re.fullmatch(shape["pattern"], text):
                self.fault(where, f"{text!r} is not {shape['pattern']}")
        elif kind in ("integer", "long"):
            if not re.fullmatch(r"-?[0-9]+", text):
                self.fault(where, f"{text!r} is no number")
            elif not shape.get("min", int(text)) <= int(text) <= shape.get("max", int(text)):
                self.fault(where, f"{text} is out of range")
        elif kind == "boolean":
            if text not in ("true", "false"):
                self.fault(where, f"{text!r} is neither true nor false")
        elif kind == "timestamp":
            if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", text):
                self.fault(where, f"{text!r} is no time")
        else:
            self.fault(where, f"a {kind} is no text")

    def element(self, element, name, where):
        shape = self.shapes[name]
        if shape["type"] == "structure":
            self.structure(element, shape, where)
        elif shape["type"] == "list":
            self.list(element, shape, where)
        else:
            if len(element):
                self.fault(where, "has elements where text belongs")
            self.text(element.text or "", name, where)

    def list(self, element, shape, where):
        member = shape["member"]
        if len(element) < shape.get("min", 0):
            self.fault(where, f"has {len(element)} members")
        for child in element:
            if local(child) != member["locationName"]:
                self.fault(where, f"has a {local(child)}, not a {member['locationName']}")
            else:
                self.element(child, member["shape"], f"{where}/{local(child)}")

    def structure(self, element, shape, where):
        members = {
            member.get("locationName", key): member["shape"]
            for key, member in shape["members"].items()
            if "location" not in member
        }
        order = list(members)
        if (element.text or "").strip():
            self.fault(where, f"has the text {element.text.strip()!r}")
        last = -1
        for child in element:
            if local(child) not in members:
                self.fault(where, f"{local(child)} is not described")
                continue
            place = order.index(local(child))
            if place <= last:
                self.fault(where, f"{local(child)} stands behind {order[last]}, or twice")
            last = max(last, place)
            self.element(child, members[local(child)], f"{where}/{local(child)}")
        for key in shape.get("required", []):
            member = shape["members"][key]
            if "location" in member:
                continue
            if element.find("{*}" + member.get("locationName", key)) is None:
                self.fault(where, f"{key} is missing")

    def operation(self, method, path):
        for name, operation in self.operations.items():
            uri = operation["http"]["requestUri"].split("?")[0]
            pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(uri))
            found = re.fullmatch(pattern, path)
            if operation["http"]["method"] == method and found:
                return name, operation, found.groupdict()
        return None, None, None

    def request(self, exchange, operation, in_path, where):
        shape = self.shapes[operation["input"]["shape"]]
        in_query = {}
        for member in shape["members"].values():
            if member.get("location") == "uri":
                self.text(unquote(in_path[member["locationName"]]), member["shape"], where)
            elif member.get("location") == "querystring":
                in_query[member["locationName"]] = member["shape"]
        query = exchange["path"].partition("?")[2]
        for part in filter(None, query.split("&")):
            name, _, value = part.partition("=")
            if name not in in_query:
                self.fault(where, f"the parameter {name} is not described")
            else:
                self.text(unquote(value), in_query[name], f"{where} {name}")
        in_body = any("location" not in member for member in shape["members"].values())
        if not in_body:
            if exchange["request"]:
                self.fault(where, "no body is described")
            return
        body = tree.fromstring(exchange["request"])
        space = operation["input"]["xmlNamespace"]["uri"]
        if body.tag != "{%s}%s" % (space, operation["input"]["locationName"]):
            self.fault(where, f"the body is a {body.tag}")
        self.structure(body, shape, where + " request")

    def answer(self, exchange, operation, where):
        body = tree.fromstring(exchange["response"])
        if exchange["status"] == 200:
            if local(body) != operation["output"]["shape"]:
                self.fault(where, f"the answer is a {local(body)}")
            self.structure(body, self.shapes[operation["output"]["shape"]], where + " answer")
            return
        if local(body) != "ErrorResponse":
            self.fault(where, f"the error is a {local(body)}")
            return
        code = body.findtext("{*}Error/{*}Code")
        own = {error["shape"] for error in operation.get("errors", [])}
        if code in own:
            status = self.shapes[code].get("error", {}).get("httpStatusCode", 400)
        elif code in COMMON_ERRORS:
            status = COMMON_ERRORS[code]
        else:
            self.fault(where, f"the error {code} is not described")
            return
        if status != exchange["status"]:
            self.fault(where, f"{code} comes with {exchange['status']}, not with {status}")

    def exchange(self, exchange):
        where = f"{exchange['method']} {exchange['path']}"
        path = exchange["path"].partition("?")[0]
        name, operation, in_path = self.operation(exchange["method"], path)
        if operation is None:
            self.fault(where, "is not described")
            return
        self.used.add(name)
        self.request(exchange, operation, in_path, where)
        self.answer(exchange, operation, where)


def local(element):
    return element.tag.rpartition("}")[2]


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        check = Check(json.load(file))
    with open(sys.argv[2], encoding="utf-8") as file:
        exchanges = json.load(file)
    for exchange in exchanges:
        check.exchange(exchange)
    for fault in check.faults:
        print(fault)
    print(f"{len(exchanges)} exchanges checked: {', '.join(sorted(check.used))}")
    sys.exit(1 if check.faults else 0)


main()
