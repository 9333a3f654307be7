"""DMARC: opendmarc-check reads the records of `mxsmith export`, served as they are printed, and has to see what the spec declared. It is
made for RFC 7489; what RFC 9989 has beyond that is told apart by name."""

import re

from dkim_compare import run

# Spec keys, and what opendmarc-check says of the record: (pct, adkim, aspf, p, sp, rua, ruf).
CASES = {
    "plain.example": ('policy = "none"', ("100", "relaxed", "relaxed", "none", "unspecified", [], [])),
    "reject.example": ('policy = "reject"\nsubdomain_policy = "quarantine"\nrua = ["mailto:dmarc@reject.example"]',
                       ("100", "relaxed", "relaxed", "reject", "quarantine", ["mailto:dmarc@reject.example"], [])),
    "strict.example": ('policy = "quarantine"\ndkim_alignment = "strict"\nspf_alignment = "strict"\n'
                       'rua = ["mailto:a@strict.example", "mailto:b@strict.example"]\nruf = ["mailto:c@strict.example"]\n'
                       'failure_options = "1:d"',
                       ("100", "strict", "strict", "quarantine", "unspecified", ["mailto:a@strict.example", "mailto:b@strict.example"],
                        ["mailto:c@strict.example"])),
    "testing.example": ('policy = "reject"\ntesting = true', ("100", "relaxed", "relaxed", "reject", "unspecified", [], [])),
    "absent-names.example": ('policy = "none"\nnonexistent_policy = "reject"', ("100", "relaxed", "relaxed", "none", "unspecified", [], [])),
    "suffix.example": ('policy = "reject"\npsd = "n"', ("100", "relaxed", "relaxed", "reject", "unspecified", [], [])),
    "percent-encoded.example": ('policy = "none"\nrua = ["mailto:d%2Cmarc@percent-encoded.example"]',
                                ("100", "relaxed", "relaxed", "none", "unspecified", ["mailto:d%2Cmarc@percent-encoded.example"], [])),
}
# What RFC 9989 changed and a reader of RFC 7489 cannot see: the tag, its section, and what that reader does instead.
BEYOND_RFC_7489 = {
    "t": ("4.7", "t=y is an unknown tag to it: it would apply the policy in full"),
    "np": ("4.7", "np= is an unknown tag to it: names that do not exist get sp= or p="),
    "psd": ("4.7", "psd= is an unknown tag to it: it finds organizational domains by a list of public suffixes"),
}


def reading(text):
    """What opendmarc-check printed, in the order of CASES."""
    fields = dict(re.findall(r"^\t([^:\n]+): (\S+)$", text, re.M))
    uris = [re.findall(r"^\t\t(?!\(none\))(\S+)$", part, re.M) for part in re.split(r"report URIs:\n", text)[1:]]
    return (fields.get("Sample percentage"), fields.get("DKIM alignment"), fields.get("SPF alignment"), fields.get("Domain policy"),
            fields.get("Subdomain policy"), uris[0] if uris else None, uris[1] if len(uris) > 1 else None)


def compare(space, program, folder):
    faults = 0
    beyond = set()
    for zone, (keys, expected) in CASES.items():
        (folder / f"{zone}.toml").write_text(f'zone = "{zone}"\nprovider = "zonefile"\n\n[mail.dmarc]\n{keys}\n')
        text = run(program, "export", f"{zone}.toml", folder=folder)
        beyond |= {tag for tag in BEYOND_RFC_7489 if re.search(rf"[ ;]{tag}=", text)}
        with space.serve_export(text, zone):
            done = space.run("opendmarc-check", zone)
            below = space.run("opendmarc-check", f"below.{zone}")
        said = done.stdout.decode(errors="replace") + done.stderr.decode(errors="replace")
        if done.returncode != 0 or reading(said) != expected:
            faults += 1
            print(f"  WRONG: {zone}: expected {expected}, opendmarc-check said {done.returncode}:\n{said}")
        if below.returncode == 0:
            faults += 1
            print(f"  WRONG: a record was found below {zone}")
    print(f"DMARC: opendmarc-check reads {len(CASES)} published records as they were declared; {faults} wrong")
    for tag in sorted(beyond):
        section, why = BEYOND_RFC_7489[tag]
        print(f"  {tag}= (RFC 9989 section {section}): {why}")
    if beyond != set(BEYOND_RFC_7489):
        print(f"  WRONG: no record held {sorted(set(BEYOND_RFC_7489) - beyond)}")
        faults += 1
    return faults
