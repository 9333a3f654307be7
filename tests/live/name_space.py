"""A network name space of its own, in which port 53 of 127.0.0.1 is ours: name servers and tools that read /etc/resolv.conf meet
there and nowhere else. What is started in it is ended by its process id, and nothing of it stays behind, whatever happens."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PREFIX = "mxsmith-live-"
NETNS = Path("/etc/netns")
# AppArmor lets named read and write here, and hardly anywhere else.
SERVER_PLACE = Path("/var/cache/bind")


def fail(message):
    """Ends the run; every `with` on the way out tidies up."""
    sys.exit(f"live tests: {message}")


def end_by_exception():
    """SIGTERM and SIGHUP end the run as an exception does, so that name spaces are deleted."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda received, _: sys.exit(128 + received))


def ip(*words):
    return subprocess.run(["ip", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


class NameSpace:
    """`with NameSpace() as space:`; a loopback interface, and 127.0.0.1 as the only name server."""

    def __init__(self):
        self.name = f"{PREFIX}{os.getpid()}"
        self.processes = []

    def __enter__(self):
        delete_left_behind()
        made = ip("netns", "add", self.name)
        if made.returncode != 0:
            fail(f"no name space can be made: {made.stdout.strip()}")
        try:
            (NETNS / self.name).mkdir(parents=True)
            (NETNS / self.name / "resolv.conf").write_text("nameserver 127.0.0.1\noptions timeout:2 attempts:2\n")
            up = ip("netns", "exec", self.name, "ip", "link", "set", "lo", "up")
            if up.returncode != 0:
                fail(f"the name space has no loopback interface: {up.stdout.strip()}")
            self.folder = Path(tempfile.mkdtemp(prefix=f"{self.name}-", dir=SERVER_PLACE))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        for process in reversed(self.processes):
            end(process)
        delete(self.name)

    def command(self, *words):
        """`ip netns exec` becomes the program itself, so that its process id is the program's."""
        return ["ip", "netns", "exec", self.name, *map(str, words)]

    def run(self, *words, **options):
        """A program that ends by itself."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "timeout": 900, **options}
        return subprocess.run(self.command(*words), **options)

    def serve(self, zone_text, apex="."):
        return NameServer(self, zone_text, apex)

    def serve_export(self, text, apex):
        """What `mxsmith export` printed of a spec, which declares neither SOA nor NS."""
        head = f"{apex}. 300 IN SOA ns.invalid. host.invalid. 1 3600 600 86400 300\n{apex}. 300 IN NS ns.invalid.\n"
        return NameServer(self, head + text, apex)

    def start(self, *words, log):
        with open(log, "wb") as output:
            process = subprocess.Popen(self.command(*words), stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        self.processes.append(process)
        return process

    def stop(self, process):
        end(process)
        self.processes.remove(process)


def end(process):
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def delete(name):
    ip("netns", "delete", name)
    shutil.rmtree(NETNS / name, ignore_errors=True)
    for folder in SERVER_PLACE.glob(f"{name}-*"):
        shutil.rmtree(folder, ignore_errors=True)


def delete_left_behind():
    """Name spaces of runs that were killed."""
    for place in [*Path("/run/netns").glob(f"{PREFIX}*"), *NETNS.glob(f"{PREFIX}*")]:
        owner = place.name.removeprefix(PREFIX)
        if owner.isdigit() and not Path(f"/proc/{owner}").exists():
            delete(place.name)


class NameServer:
    """BIND with one zone; the root unless said otherwise, so that names of any domain can stand in it.
    `with NameServer(space, zone_text):`"""

    def __init__(self, space, zone_text, apex="."):
        self.space = space
        self.apex = apex
        self.zone = space.folder / "served.zone"
        self.zone.write_text(zone_text, encoding="latin-1")

    def __enter__(self):
        folder = self.space.folder
        config = folder / "named.conf"
        config.write_text(f"""\
options {{
  directory "{folder}"; pid-file none; session-keyfile none; managed-keys-directory "{folder}";
  listen-on {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; recursion no; dnssec-validation no; minimal-responses yes;
  check-names primary ignore; check-integrity no; check-mx ignore; check-spf ignore; check-wildcard no; notify no;
}};
controls {{ }};
zone "{self.apex}" {{ type primary; file "{self.zone}"; }};
""")
        self.log = folder / "named.log"
        self.process = self.space.start("/usr/sbin/named", "-f", "-g", "-c", config, log=self.log)
        self.wait_until_it_answers()
        return self

    def __exit__(self, *_):
        self.space.stop(self.process)

    def wait_until_it_answers(self):
        for _ in range(600):
            text = self.log.read_text(errors="replace")
            if "all zones loaded" in text:
                break
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        text = self.log.read_text(errors="replace")
        faults = [line for line in text.splitlines() if "not loaded" in line or "loading from master file" in line]
        if "all zones loaded" not in text or faults:
            fail(f"named does not serve {self.zone}:\n" + "\n".join(text.splitlines()[-15:]))
