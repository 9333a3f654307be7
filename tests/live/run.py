#!/usr/bin/env python3
"""Compares mxsmith with programs that others wrote, over the same records served by a real name server, in a network name space of
its own. Root alone can make one.

    tests/live/run.py MXSMITH [spf|dkim|dmarc]...

LIVE_SEED=N (or `random`) and LIVE_RECORDS=N say which SPF records are made, and how many; MXSMITH_SHARED where the published suite
lies."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import dkim_compare
import dmarc_compare
import spf_compare
from name_space import NameSpace, end_by_exception, fail

PROGRAMS = {
    "ip": "iproute2", "named": "bind9", "spfquery.libspf2": "spfquery", "spfquery.mail-spf-perl": "spf-tools-perl",
    "spfquery.pyspf": "spf-tools-python", "opendkim-testkey": "opendkim-tools", "opendmarc-check": "opendmarc", "openssl": "openssl",
}
PARTS = ("spf", "dkim", "dmarc")


def require(program):
    if os.geteuid() != 0:
        fail("they need root, to make a network name space of their own: run `sudo make test-live`")
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    missing = sorted({package for name, package in PROGRAMS.items() if shutil.which(name) is None})
    if missing:
        fail(f"these packages are missing: {' '.join(missing)} (scripts/install-packages.sh live)")
    if not os.access(program, os.X_OK):
        fail(f"there is no program {program}")


def main():
    if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(PARTS):
        sys.exit(__doc__)
    program = Path(sys.argv[1]).resolve()
    parts = sys.argv[2:] or PARTS
    require(program)
    end_by_exception()
    faults = 0
    with NameSpace() as space, tempfile.TemporaryDirectory(prefix="mxsmith-live-") as name:
        for part in parts:
            folder = Path(name) / part
            folder.mkdir()
            if part == "spf":
                faults += spf_compare.compare(space, program)
            elif part == "dkim":
                faults += dkim_compare.compare(space, program, folder)
            else:
                faults += dmarc_compare.compare(space, program, folder)
    if faults:
        fail(f"{faults} disagreements that are mxsmith's fault or not explained")
    print("Every comparison holds.")


if __name__ == "__main__":
    main()
