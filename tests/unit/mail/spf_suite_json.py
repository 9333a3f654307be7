"""The published SPF test suite (YAML, several documents) as JSON for its test: TXT values as
hexadecimal octets, since some are no text."""
import json
import sys

import yaml


def octets(text):
    return text.encode("latin-1").hex()


def records_of(name, entries):
    """Type SPF stands for TXT, unless the name has entries of type TXT."""
    pairs = [item for entry in entries if isinstance(entry, dict) for item in entry.items()]
    has_txt = any(kind == "TXT" for kind, _ in pairs)
    for kind, value in pairs:
        if kind == "SPF" and has_txt or kind == "TXT" and value == "NONE":
            continue
        if kind in ("SPF", "TXT"):
            value = octets("".join(value) if isinstance(value, list) else value)
            kind = "TXT"
        if kind == "MX":
            yield {"name": name, "type": kind, "preference": int(value[0]), "value": value[1]}
        else:
            yield {"name": name, "type": kind, "value": value}


def listed(value):
    return value if isinstance(value, list) else [value]


def main():
    scenarios = []
    with open(sys.argv[1], encoding="utf-8") as suite:
        # BaseLoader keeps every scalar as the text it is.
        for document in yaml.load_all(suite, Loader=yaml.BaseLoader):
            if not document:
                continue
            zone = document["zonedata"]
            scenarios.append({
                "description": document["description"],
                "tests": [{"id": name, "helo": test["helo"], "host": test["host"],
                           "mailfrom": test["mailfrom"], "results": listed(test["result"]),
                           "explanation": test.get("explanation", ""),
                           "spec": test.get("spec", "")}
                          for name, test in document["tests"].items()],
                "records": [record for name, entries in zone.items()
                            for record in records_of(name, entries)],
                "timeouts": [name for name, entries in zone.items() if "TIMEOUT" in entries],
            })
    json.dump({"scenarios": scenarios}, sys.stdout)


main()
