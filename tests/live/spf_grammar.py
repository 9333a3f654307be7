"""The grammar of RFC 7208 (sections 4.6.1, 5, 6, 7.1, 12) as regular expressions: whether a record keeps to it. Written from the ABNF
for the comparison alone, so that no reader under test judges itself."""

import ipaddress
import re

_EXPAND = r"(?:%\{{[{letters}](?:0*[1-9][0-9]*)?r?[-.+,/_=]*\}}|%%|%_|%-)"
EXPAND = _EXPAND.format(letters="slodiphv")
STRING = rf"(?:{EXPAND}|[\x21-\x24\x26-\x7e])*"
TOP_LABEL = r"(?:[a-z0-9]*[a-z][a-z0-9]*|[a-z0-9]+-[a-z0-9-]*[a-z0-9])"
DOMAIN = rf"(?:{STRING}(?:\.{TOP_LABEL}\.?|{EXPAND}))"
CIDR4 = r"/(?:3[0-2]|[12][0-9]|[0-9])"
CIDR6 = r"//(?:12[0-8]|1[01][0-9]|[1-9][0-9]|[0-9])"
DUAL = rf"(?:{CIDR4})?(?:{CIDR6})?"
TERM = re.compile(
    rf"(?:[-+?~]?(?:all|include:{DOMAIN}|exists:{DOMAIN}|(?:a|mx)(?::{DOMAIN})?{DUAL}|ptr(?::{DOMAIN})?"
    rf"|ip4:(?P<ip4>[0-9.]+)(?:{CIDR4})?|ip6:(?P<ip6>[0-9a-f:.]+)(?:{CIDR6[1:]})?)"
    rf"|(?:redirect|exp)={DOMAIN}|(?!redirect=|exp=)[a-z][a-z0-9._-]*={STRING})", re.I)
TARGET = re.compile(r"(?:[-+?~]?include:|redirect=)([^\s%]+)$", re.I)


def is_spf(value):
    return re.match(r"v=spf1(?: |$)", value, re.I) is not None


def is_address(kind, text):
    try:
        kind(text)
        return True
    except ValueError:
        return False


def is_term(word):
    found = TERM.fullmatch(word)
    return found is not None and (found["ip4"] is None or is_address(ipaddress.IPv4Address, found["ip4"])) and (
        found["ip6"] is None or is_address(ipaddress.IPv6Address, found["ip6"]))


def is_grammatical(record):
    words = [word for word in record[6:].split(" ") if word]
    once = [word.split("=")[0].lower() for word in words if re.match(r"(redirect|exp)=", word, re.I)]
    return all(map(is_term, words)) and len(once) == len(set(once))


def reachable(domain, records):
    """The SPF records of a domain and of all that it includes or redirects to by a plain name, its own first."""
    found = {}
    names = [domain.lower()]
    while names:
        name = names.pop().rstrip(".").lower()
        if name in found:
            continue
        found[name] = [value for value in records.get(name, []) if is_spf(value)]
        names += [target[1] for value in found[name] for target in map(TARGET.match, value.split(" ")) if target]
    return [value for values in found.values() for value in values]
