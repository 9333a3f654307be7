"""The published test suite of RFC 7208 as zones that a name server can hold, and its questions."""

import json
import os
import re
import subprocess
from pathlib import Path

from spf_records import Zone, quoted

ROOT = Path(__file__).resolve().parents[2]


def suite_path():
    shared = os.environ.get("MXSMITH_SHARED")
    return (Path(shared) if shared else ROOT.parent / "shared") / "mail/data/spf/rfc7208-tests.yml"


def scenarios(path):
    """The suite by its reader in the unit tests, which knows its conventions (SPF entries stand for TXT)."""
    done = subprocess.run(["/usr/bin/python3", ROOT / "tests/unit/mail/spf_suite_json.py", path], stdout=subprocess.PIPE,
                          check=True)
    return json.loads(done.stdout)["scenarios"]


def escaped(name):
    return "".join(c if c.isalnum() or c in "-_.*" else f"\\{ord(c):03d}" for c in name.rstrip("."))


def fits(name):
    """What no name server can hold: labels that are empty or too long."""
    return all(0 < len(label) <= 63 for label in name.rstrip(".").split("."))


def zone_of(scenario):
    zone = Zone()
    aliases = {record["name"].lower() for record in scenario["records"] if record["type"] == "CNAME"}
    for record in scenario["records"]:
        name, kind, value = record["name"], record["type"], record["value"]
        if not fits(name) or kind != "CNAME" and name.lower() in aliases:
            continue
        if kind == "TXT":
            octets = bytes.fromhex(value).decode("latin-1")
            value = " ".join(quoted(octets[at:at + 255]) for at in range(0, len(octets), 255)) or '""'
        elif kind in ("CNAME", "PTR", "MX"):
            if value and not fits(value):
                continue
            value = escaped(value) + "."
            if kind == "MX":
                value = f"{record['preference']} {value}"
        zone.add(escaped(name), kind, value)
    return zone.text()


class Case:
    def __init__(self, scenario, test):
        self.id = test["id"]
        self.scenario = scenario["description"]
        self.results = test["results"]
        # A bounce has no sender: the identity is postmaster at HELO (RFC 7208 section 2.4).
        self.query = (test["host"], test["mailfrom"] or f"postmaster@{test['helo']}", test["helo"])
        self.section = str(test["spec"]).split("/")[0]
        # What times out cannot be had from a server that answers.
        silent = [name.lower() for name in scenario["timeouts"]]
        times_out = bool(silent) and ("temperror" in self.results or test["mailfrom"].rpartition("@")[2].lower() in silent)
        # Lines of questions have their parts between spaces.
        self.can_be_served = not times_out and not re.search(r"\s", "".join(self.query))
