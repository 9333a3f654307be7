"""Benchmarks over the network: mxsmith at a real PowerDNS server, beside curl sending the same requests.

The server runs on the same machine and shares its processors with whoever asks it, so that its work counts for both sides.
Both sides take turns, and the best round of each counts: what another program on the machine takes away is no fault of either.
"""

import os
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

SCHEMAS = ("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql",
           "/usr/share/doc/pdns-backend-sqlite3/schema.sqlite3.sql")
KEY = "bench"
SPEC = """\
zone     = "{zone}"
provider = "powerdns"

[[mail.mx]]
host     = "in.newmail.example"
priority = 0

[[record]]
name   = "www"
type   = "A"
values = ["{address}"]
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class PowerDns:
    """A server with a database of its own, in a folder of its own; ends with the `with` block."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        schema = next((Path(place) for place in SCHEMAS if Path(place).exists()), None)
        if schema is None:
            sys.exit("There is no schema for PowerDNS: scripts/install-packages.sh bench installs it.")
        self.database = sqlite3.connect(folder / "pdns.sqlite3")
        self.database.executescript(schema.read_text())

    def add_zone(self, zone, addresses):
        """SOA, NS, MX, www, and as many hosts as `addresses`, in one transaction."""
        row = self.database.execute("insert into domains (name, type) values (?, 'NATIVE')", (zone,))
        fixed = [(zone, "SOA", f"ns1.{zone} hostmaster.{zone} 1 3600 600 86400 3600", 0), (zone, "NS", "ns1.example.net", 0),
                 (zone, "MX", "in.newmail.example", 0), (f"www.{zone}", "A", "192.0.2.1", 0)]
        hosts = ((f"host{i}.{zone}", "A", f"198.51.{i // 250 % 250}.{i % 250 + 1}", 0) for i in range(addresses))
        for records in (fixed, hosts):
            self.database.executemany(
                f"insert into records (domain_id, name, type, content, ttl, prio, disabled, auth) "
                f"values ({row.lastrowid}, ?, ?, ?, 3600, ?, 0, 1)", records)

    def __enter__(self):
        self.database.commit()
        self.database.close()
        self.port = free_port()
        (self.folder / "pdns.conf").write_text(
            f"launch=gsqlite3\ngsqlite3-database={self.folder}/pdns.sqlite3\ngsqlite3-pragma-synchronous=0\n"
            f"local-address=127.0.0.1\nlocal-port={free_port()}\napi=yes\napi-key={KEY}\nwebserver=yes\n"
            f"webserver-address=127.0.0.1\nwebserver-port={self.port}\nwebserver-allow-from=127.0.0.1\n"
            f"socket-dir={self.folder}\nloglevel=3\n")
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(
                ["/usr/sbin/pdns_server", f"--config-dir={self.folder}", "--daemon=no", "--guardian=no", "--disable-syslog"],
                stdout=log, stderr=log)
        for _ in range(500):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.02)
        self.__exit__()
        sys.exit("pdns_server does not answer: " + (self.folder / "log").read_text(errors="replace"))

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def url(self, zone):
        return f"http://127.0.0.1:{self.port}/api/v1/servers/localhost/zones/{zone}."

    @property
    def environment(self):
        return dict(os.environ, PDNS_API_URL=f"http://127.0.0.1:{self.port}", PDNS_API_KEY=KEY)


def run(command, directory, environment):
    """Seconds, peak resident octets and output of one run, which has to succeed."""
    with open(directory / "output.txt", "w+b") as output:
        begun = time.perf_counter()
        process = subprocess.Popen([str(word) for word in command], cwd=directory, env=environment, stdout=output,
                                   stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read().decode(errors="replace")
    if process.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}:\n{text[-3000:]}")
    return seconds, usage.ru_maxrss * 1024, text


def in_turn(rounds, *sides):
    """The best time of each side, and the largest peak."""
    best = [float("inf")] * len(sides)
    peak = [0] * len(sides)
    for number in range(rounds):
        for i, side in enumerate(sides):
            seconds, octets, _ = side(number)
            best[i] = min(best[i], seconds)
            peak[i] = max(peak[i], octets)
    return best, peak


def expect(text, words):
    if words not in text:
        sys.exit(f"expected \"{words}\" in:\n{text[-3000:]}")


def project(directory, zones, address="192.0.2.1"):
    directory.mkdir(exist_ok=True)
    for zone in zones:
        (directory / f"{zone}.toml").write_text(SPEC.format(zone=zone, address=address))


def large_zones(program, table, directory):
    """(a) One zone, nothing to change."""
    table.title("mxsmith plan of one large zone on PowerDNS, nothing to change, beside curl fetching it (best of 5 in turn)")
    server = PowerDns(directory / "large")
    sizes = {"small.example": 10, "middle.example": 20_000, "large.example": 200_000}
    for zone, size in sizes.items():
        server.add_zone(zone, size - 4)
    with server:
        small = 0
        for zone, size in sizes.items():
            folder = directory / zone
            project(folder, [zone])

            def plan(_):
                return run([program, "plan", "."], folder, server.environment)

            def fetch(_):
                return run(["curl", "-sS", "--fail", "-H", f"X-API-Key: {KEY}", "-o", "body", server.url(zone)], folder,
                           server.environment)

            expect(plan(0)[2], "Nothing to do")
            best, peak = in_turn(5, plan, fetch)
            if small == 0:
                small = peak[0]
                continue
            body = (folder / "body").stat().st_size
            table.row(f"plan, {size:,} records", best[0], "s", None, f"curl {best[1]:.3f} s, body {body / 1e6:.1f} MB")
            table.row(f"plan, {size:,} records, against curl", best[0] / best[1], "times", 1.3)
            table.row(f"plan, {size:,} records: memory beyond that of 10", (peak[0] - small) / 1e6, "MB",
                      (body + 250 * size) / 1e6, "limit: the body and 250 octets a record")


def many_zones(program, table, directory, count=1_000):
    """(b) and (c): many zones of 10 records."""
    zones = [f"zone{i}.example" for i in range(count)]
    server = PowerDns(directory / "many")
    for zone in zones:
        server.add_zone(zone, 6)
    folder = directory / "specs"
    project(folder, zones)
    with server:
        gets = "next\n".join(f'url = "{server.url(zone)}"\noutput = "/dev/null"\nheader = "X-API-Key: {KEY}"\n' for zone in zones)
        (directory / "gets").write_text("silent\nshow-error\nfail\nparallel\nparallel-max = 8\n" + gets)

        def plan(_):
            return run([program, "plan", "."], folder, server.environment)

        def fetch(_):
            return run(["curl", "-K", directory / "gets"], folder, server.environment)

        table.title(f"{count:,} zones of 10 records on PowerDNS, nothing to change, beside curl --parallel (best of 5 in turn)")
        expect(plan(0)[2], "Nothing to do")
        best, _ = in_turn(5, plan, fetch)
        table.row(f"plan, {count:,} zones", best[0], "s", None, f"curl {best[1]:.2f} s")
        table.row(f"plan, {count:,} zones, against curl", best[0] / best[1], "times", 1.2)

        def apply(number):
            project(folder, zones, f"192.0.2.{number + 10}")
            return run([program, "apply", ".", "--yes", "--quiet"], folder, server.environment)

        def patch(number):
            parts = []
            for zone in zones:
                body = (f'{{\\"rrsets\\":[{{\\"name\\":\\"www.{zone}.\\",\\"type\\":\\"A\\",\\"ttl\\":3600,\\"changetype\\":'
                        f'\\"REPLACE\\",\\"records\\":[{{\\"content\\":\\"192.0.2.{number + 100}\\",\\"disabled\\":false}}]}}]}}')
                parts.append(f'url = "{server.url(zone)}"\noutput = "/dev/null"\nrequest = "PATCH"\ndata = "{body}"\n'
                             f'header = "X-API-Key: {KEY}"\n')
            # One at a time, as the server wants its writers.
            (directory / "patches").write_text("silent\nshow-error\nfail\n" + "next\n".join(parts))
            return run(["curl", "-K", directory / "patches"], folder, server.environment)

        table.title(f"mxsmith apply of one change to each of {count:,} zones, beside curl sending the same PATCHes (best of 3 in turn)")
        best, _ = in_turn(3, apply, patch)
        table.row(f"apply, {count:,} zones", best[0], "s", None, f"curl {best[1]:.2f} s")
        table.row(f"apply, {count:,} zones, against curl", best[0] / best[1], "times")
        print("    curl only sends, one PATCH after the other. mxsmith also reads each zone before and after, plans, and has\n"
              "    each step of its journal on disk before it goes on; both sides write to one zone of a server at a time.")


def over_the_network(program, table, directory):
    large_zones(program, table, directory)
    many_zones(program, table, directory)
