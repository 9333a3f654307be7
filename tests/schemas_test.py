"""The JSON Schemas are sound, take the examples, and refuse what the program refuses."""

import datetime
import json
import pathlib
import sys

try:
    import jsonschema
except ImportError:
    sys.exit("the module jsonschema is missing: apt install python3-jsonschema")
try:
    import tomllib
except ImportError:
    sys.exit("tomllib is missing: Python 3.11 or newer is needed")

ROOT = pathlib.Path(__file__).resolve().parent.parent

REFUSED = {
    "zone-v1": [
        'prioriy = 1',
        '[[mail.mx]]\nhost = "a.example"\npriority = 70000',
        '[[mail.mx]]\nhost = "a.example"\npriority = "10"',
        '[[mail.mx]]\nhost = "a.example"',
        'manage = "everything"',
        'ttl = "soon"',
        'zone = "a.example"\nzones = ["b.example"]',
        '[[stage]]\nname = "x"',
        '[[stage]]\nat = 2026-12-05T22:00:00Z\nprovider = "x"',
        '[mail.dkim.s1]\nstate = "gone"',
        'services = "x"',
        '[mail.service.x]\nkey = 1',
    ],
    "service-v1": [
        'kind = "sender"\nverified = true',
        'name = "X"\nkind = "postman"\nverified = true',
        'name = "X"\nkind = "sender"\nverified = true\n[field.key]\noptional = true',
        'name = "X"\nkind = "sender"\nverified = true\n[[dkim]]\nname = "s1"\ntype = "A"\nvalue = "x"',
        'name = "X"\nkind = "sender"\nverified = true\n[mx]\nhosts = [{ host = "mx.example.net" }]',
    ],
    "project-v1": [
        '[acounts.main]\ntype = "x"',
        '[accounts.main]\nendpoint = "x"',
        '[accounts.main]\ntype = "x"\ntoken = {evn = "X"}',
        '[state]\ndirectory = 1',
    ],
}

TAKEN = {
    "zone-v1": [
        'zones = {file = "c.csv", key = "domain"}',
        'zones = ["a.example", {zone = "b.example", selector = "s1"}]',
        'provider = {account = "main", zone_id = "Z1", private = true}',
        'providers = ["a", {account = "b"}]',
        'ttl = 300',
        'ttl = "1h30m"',
        'manage = "${var.manage}"',
        '[[for]]\nzones = ["a.example"]\nmail.dmarc.policy = "reject"',
        '[[stage]]\nat = 2026-12-05T22:00:00+05:30\nwindow = "4h"\nmail.dmarc.policy = "none"',
        '[[allow]]\nguard = "drift"\nreason = "x"\nuntil = 2026-12-31',
        'services = ["x"]\n[mail.service.x]\nselector = "s1"\nwithout = ["mx"]\nttl = "1h"',
        '[[record]]\nname = "x"\ntype = "A"\nvalues = ["192.0.2.1"]\nmeta = {proxied = false}',
    ],
    "project-v1": ['[accounts.main]\ntype = "x"\nretries = 3\ntoken = {env = "X"}'],
}


def as_json(value):
    """TOML values as editors hand them to a schema: times are strings."""
    if isinstance(value, dict):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_json(inner) for inner in value]
    if isinstance(value, (datetime.date, datetime.time)):
        return value.isoformat()
    return value


def main():
    faults = []
    validators = {}
    for path in sorted((ROOT / "schemas").glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        kind = jsonschema.validators.validator_for(schema)
        kind.check_schema(schema)
        validators[path.stem] = kind(schema)

    def errors(name, text):
        return [e.message for e in validators[name].iter_errors(as_json(tomllib.loads(text)))]

    for name, texts in TAKEN.items():
        faults += [f"{name} refuses:\n{t}\n{errors(name, t)}" for t in texts if errors(name, t)]
    for name, texts in REFUSED.items():
        faults += [f"{name} takes:\n{t}" for t in texts if not errors(name, t)]
    examples = 0
    for path in sorted((ROOT / "examples").rglob("*.toml")):
        name = "project-v1" if path.name == "mxsmith.toml" else "zone-v1"
        found = errors(name, path.read_text(encoding="utf-8"))
        examples += 1
        if found:
            faults.append(f"{path.relative_to(ROOT)}: {found}")
    services = 0
    for path in sorted((ROOT / "services").glob("*.toml")):
        found = errors("service-v1", path.read_text(encoding="utf-8"))
        services += 1
        if found:
            faults.append(f"{path.relative_to(ROOT)}: {found}")
    for fault in faults:
        print(fault, file=sys.stderr)
    print(f"{len(validators)} schemas, {examples} examples, {services} services")
    return 1 if faults or not examples or not services else 0


if __name__ == "__main__":
    sys.exit(main())
