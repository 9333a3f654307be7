"""DKIM: opendkim-testkey judges the records of `mxsmith export`, served as they are printed, by the private keys that belong to them."""

import os
import subprocess

from name_space import fail

ZONE = "example.com"
# Selector, what makes its key pair, and what opendkim-testkey has to say of it with that key. This version of it reads RSA alone.
OPENSSL = {
    "rsa1024": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"],
    "rsa2048": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
    "rsa3072": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
    "rsa4096": ["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:4096"],
}


def run(*words, folder):
    done = subprocess.run([str(word) for word in words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode != 0:
        fail(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout[-1500:]}{done.stderr[-1500:]}")
    return done.stdout


def make_keys(folder, program):
    """Private key files by selector, 0600 as the tool wants them, and public ones beside them."""
    for selector, options in OPENSSL.items():
        run("openssl", "genpkey", "-quiet", *options, "-out", f"{selector}.pem", folder=folder)
        run("openssl", "pkey", "-in", f"{selector}.pem", "-pubout", "-out", f"{selector}.pub", folder=folder)
    keys = {selector: f"{selector}.pem" for selector in OPENSSL}
    run(program, "dkim", "new", ZONE, "--selector", "made", "--out", ".", folder=folder)
    (folder / f"{ZONE}.made.pem").rename(folder / "made.pub")
    keys["made"] = f"{ZONE}.made.key"
    for name in keys.values():
        os.chmod(folder / name, 0o600)
    return keys


def compare(space, program, folder):
    keys = make_keys(folder, program)
    spec = f'zone = "{ZONE}"\nprovider = "zonefile"\n'
    for selector in keys:
        spec += f'\n[mail.dkim.{selector}]\npublic_key_file = "{selector}.pub"\n'
    spec += '\n[mail.dkim.gone]\npublic_key_file = "rsa2048.pub"\nstate = "revoked"\n'
    (folder / f"{ZONE}.toml").write_text(spec)
    (folder / "opendkim.conf").write_text("Nameservers 127.0.0.1\n")
    zone = run(program, "export", f"{ZONE}.toml", folder=folder)

    def ask(selector, key):
        done = space.run("opendkim-testkey", "-d", ZONE, "-s", selector, "-k", folder / key, "-x", folder / "opendkim.conf", "-vvv")
        return done.returncode, (done.stderr + done.stdout).decode(errors="replace")

    faults = 0

    def expect(what, answer, status, words):
        nonlocal faults
        if answer[0] != status or words.lower() not in answer[1].lower():
            faults += 1
            print(f"  WRONG: {what}: expected {status} and \"{words}\", got {answer[0]}:\n{answer[1]}")

    with space.serve_export(zone, ZONE):
        for selector, key in keys.items():
            expect(f"selector {selector} and its own key", ask(selector, key), 0, "key OK")
        expect("another selector's key", ask("rsa2048", "rsa4096.pem"), 65, "keys do not match")
        expect("a revoked selector", ask("gone", "rsa2048.pem"), 69, "revoked")
        expect("a selector that is not there", ask("never", "rsa2048.pem"), 69, "not found")
    print(f"DKIM: opendkim-testkey accepts {len(keys)} published keys, and refuses 3 as it has to; {faults} wrong")
    return faults
