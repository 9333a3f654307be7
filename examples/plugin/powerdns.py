#!/usr/bin/env python3
"""A DNS provider for mxsmith in Python: zones of a PowerDNS server, over its HTTP API.

mxsmith starts this program, writes one JSON object a line to its standard input and reads one a line
from its standard output. Requests to the server go through mxsmith, which knows when to send, when to
repeat and what to hide. docs/writing-a-plugin.md goes through this file from top to bottom.
"""
import json
import sys

TRAITS = {
    "granularity": "rrset",       # a set is replaced as a whole
    "atomic_step": True,          # one PATCH is one transaction
    "apex_ns": True,
    "types": "A AAAA CAA CNAME DNAME MX NAPTR NS PTR SRV SSHFP TLSA TXT".split(),
    "max_txt_octets": 64000,
    "max_octets_per_step": 2000000,
    "step_cost": {"per_change": 96, "per_value": 33, "per_octet": 2},
}
account = {}  # what mxsmith.toml says: url, api_key, server


class Refused(Exception):
    """Becomes an error that mxsmith shows: kind, effect (what may have changed), message."""

    def __init__(self, kind, message, effect="none"):
        super().__init__(message)
        self.error = {"kind": kind, "message": message, "effect": effect}


def say(line):
    print(json.dumps(line), flush=True)


def request(intent, method, path, body=None):
    """Lets mxsmith send a request and gives the answer: status, JSON. `intent` is read or write."""
    headers = [["X-API-Key", account["api_key"]], ["Accept", "application/json"]]
    asked = {"method": method, "intent": intent, "headers": headers,
             "url": account["url"].rstrip("/") + "/api/v1/servers/" + account.get("server", "localhost") + path}
    if body is not None:
        headers.append(["Content-Type", "application/json"])
        asked["body"] = json.dumps(body)
    say({"http": 1, "request": asked})
    told = json.loads(sys.stdin.readline())
    if "error" in told:  # no answer came; mxsmith knows what that means
        raise Refused(told["error"]["kind"], told["error"]["message"], told["error"]["effect"])
    answer = told["response"]
    text, status = answer.get("body", ""), answer["status"]
    if status >= 300:
        kinds = {401: "auth", 403: "auth", 404: "not_found", 409: "conflict", 422: "invalid", 429: "rate_limited"}
        kind = kinds.get(status, "unavailable" if status >= 500 else "invalid" if intent == "write" else "protocol")
        unsure = intent == "write" and status >= 500
        raise Refused(kind, "%s %s: the server answered %d: %s" % (method, path, status, text[:300]),
                      "unknown" if unsure else "none")
    if status == 204:
        return None
    try:
        kind = {name.lower(): value for name, value in answer["headers"]}.get("content-type", "")
        if not kind.startswith("application/json"):
            raise ValueError("its type is " + kind)
        return json.loads(text)
    except ValueError as fault:
        raise Refused("protocol", "%s %s: the answer is no JSON: %s" % (method, path, fault),
                      "unknown" if intent == "write" else "none")


def zone_of(found):
    kinds = {"native": "ordinary", "master": "ordinary", "primary": "ordinary"}
    return {"name": found["name"], "id": found["id"], "kind": kinds.get(found["kind"].lower(), "secondary")}


def set_of(rrset):
    """A set as mxsmith wants it. One with records that are switched off is left to whoever did that."""
    result = {"name": rrset["name"], "type": rrset["type"], "ttl": rrset["ttl"],
              "values": [record["content"] for record in rrset["records"]]}
    if any(record["disabled"] for record in rrset["records"]):
        result["foreign"] = "somebody who switched off some of its records"
    return result


def hello(_):
    return {"protocol": 1, "calls": ["list"]}


def open_account(params):
    account.update(params["settings"])
    return {"fingerprint": account["url"]}  # equal for equal servers, and no secret in it


def find(params):
    found = request("read", "GET", "/zones?dnssec=false&zone=" + params["zone"])
    return {"zones": [zone_of(one) for one in found if one["name"] == params["zone"]]}


def list_zones(_):
    return {"zones": [zone_of(one) for one in request("read", "GET", "/zones?dnssec=false")]}


def traits(_):
    return {"traits": TRAITS}


def read(params):
    zone = request("read", "GET", "/zones/" + params["zone"]["id"])
    if zone["name"] != params["zone"]["name"]:
        raise Refused("protocol", "the server answered with another zone")
    return {"sets": [set_of(one) for one in zone["rrsets"] if one["records"]], "version": str(zone["serial"])}


def apply(params):
    """One step: what goes comes first, since the server works from front to back."""
    rrsets = []
    for change in sorted(params["changes"], key=lambda one: "after" in one):
        rrset = {"name": change["name"], "type": change["type"], "changetype": "DELETE"}
        if "after" in change:
            after = change["after"]
            rrset.update(changetype="REPLACE", ttl=after["ttl"],
                         records=[{"content": value, "disabled": False} for value in after["values"]])
        rrsets.append(rrset)
    request("write", "PATCH", "/zones/" + params["zone"]["id"], {"rrsets": rrsets})
    return {}


CALLS = {"hello": hello, "open": open_account, "find": find, "list": list_zones, "traits": traits,
         "read": read, "apply": apply}

for line in sys.stdin:
    call = json.loads(line)
    try:
        say({"id": call["id"], "result": CALLS[call["call"]](call["params"])})
    except Refused as refused:
        say({"id": call["id"], "error": refused.error})
    except (KeyError, TypeError, AttributeError) as fault:  # an answer of another shape than ours
        say({"id": call["id"], "error": {"kind": "protocol", "message": "unexpected answer: %r" % fault,
                                         "effect": "unknown" if call["call"] == "apply" else "none"}})
