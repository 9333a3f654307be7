"""SPF records made at random: valid ones of every kind of term, and slightly broken ones, with the hosts, exchanges, names for
`exists` and reverse names that they speak of. The same seed makes the same zone and the same questions."""

import ipaddress
import random

HOSTS = 120
EXCHANGES = 60
LEAF = 4  # every fourth domain leans on no other and has no slip, so that results are not errors alone
BLOCKS4 = ("192.0.2.0/26", "198.51.100.0/27", "203.0.113.0/26")
BLOCKS6 = ("2001:db8::/122", "2001:db8:5::/123")


def quoted(octets):
    """A character-string of a zone file."""
    return '"' + "".join(c if 32 <= ord(c) < 127 and c not in '"\\;' else f"\\{ord(c):03d}" for c in octets) + '"'


def in_chunks(octets, dice):
    """TXT data; now and then in several strings, which are read as one (RFC 7208 section 3.3)."""
    size = dice.randrange(8, 120) if dice.random() < 0.1 else 255
    return " ".join(quoted(octets[at:at + size]) for at in range(0, len(octets), size)) or '""'


class Zone:
    """A zone file whose apex is the root."""

    def __init__(self):
        self.lines = ["$ORIGIN .", "$TTL 300", ". SOA ns.invalid. host.invalid. 1 3600 600 86400 300", ". NS ns.invalid.",
                      "ns.invalid. A 127.0.0.1"]

    def add(self, name, kind, data):
        self.lines.append(f"{name}. {kind} {data}")

    def text(self):
        return "\n".join(self.lines) + "\n"


class Maker:
    def __init__(self, seed, count):
        self.dice = random.Random(seed)
        self.count = count
        self.zone = Zone()
        self.records = {}  # domain -> its TXT values
        self.queries = []  # (ip, sender, helo)
        self.crowded = []  # names with more than ten MX
        self.pool = [str(ip) for block in BLOCKS4 + BLOCKS6 for ip in ipaddress.ip_network(block)]
        self.pool4 = [ip for ip in self.pool if ":" not in ip]
        self.pool6 = [ip for ip in self.pool if ":" in ip]

    def make(self):
        self.make_hosts()
        for number in range(self.count):
            self.make_domain(number)
        return self

    # ---- what records speak of ----

    def make_hosts(self):
        dice = self.dice
        owners = {}
        for number in range(HOSTS):
            host = f"h{number}.net.test"
            for ip in dice.sample(self.pool4, dice.choice((0, 1, 1, 2, 3))):
                self.zone.add(host, "A", ip)
                owners.setdefault(ip, []).append(host)
            for ip in dice.sample(self.pool6, dice.choice((0, 0, 1, 2))):
                self.zone.add(host, "AAAA", ip)
                owners.setdefault(ip, []).append(host)
        for number in range(20):
            self.zone.add(f"alias{number}.net.test", "CNAME", f"h{dice.randrange(HOSTS)}.net.test.")
        for number in range(EXCHANGES):
            hosts = dice.choice((1, 1, 2, 3, 3, 10 if number % 20 == 0 else 2, 11 if number % 20 == 1 else 2))
            if hosts > 10:
                self.crowded.append(f"mx{number}.net.test")
            for place, host in enumerate(dice.sample(range(HOSTS), hosts)):
                self.zone.add(f"mx{number}.net.test", "MX", f"{place * 10} h{host}.net.test.")
        for ip, hosts in owners.items():
            if dice.random() < 0.7:
                for host in hosts[:3]:
                    self.zone.add(ipaddress.ip_address(ip).reverse_pointer, "PTR", f"{host}.")
        for ip in dice.sample(self.pool4, 60):
            self.zone.add(f"{ip}._ip.net.test", "A", "127.0.0.2")
            self.zone.add(".".join(reversed(ip.split("."))) + "._rev.net.test", "A", "127.0.0.2")
        for user in ("alice", "bob", "postmaster"):
            self.zone.add(f"{user}._user.net.test", "A", "127.0.0.2")
        self.zone.add("*._any.net.test", "A", "127.0.0.2")
        self.zone.add("why.net.test", "TXT", '"%{i} may not send for %{d}"')

    # ---- one domain ----

    def make_domain(self, number):
        dice = self.dice
        domain = f"d{number}.test"
        values = self.values_of(number, domain)
        self.records[domain] = values
        for value in values:
            self.zone.add(domain, "TXT", in_chunks(value, dice))
        if dice.random() < 0.2:
            self.zone.add(domain, "TXT", quoted("some-verification=0123456789abcdef"))
        for _ in range(dice.choice((0, 1, 1, 2))):
            self.zone.add(domain, "A", dice.choice(self.pool4))
        for place in range(dice.choice((0, 1, 2))):
            self.zone.add(domain, "MX", f"{place} h{dice.randrange(HOSTS)}.net.test.")
        user = dice.choice(("alice", "bob", "carol", "list-owner", "a.b"))
        helo = dice.choice((f"h{dice.randrange(HOSTS)}.net.test", domain, "mail.d1.test"))
        self.queries.append((self.address_for(values), f"{user}@{domain}", helo))

    def address_for(self, values):
        """Often one that the record speaks of."""
        dice = self.dice
        named = [term.split(":", 1)[1] for value in values for term in value.split() if term.lower().lstrip("+-~?").startswith("ip")
                 and ":" in term]
        if named and dice.random() < 0.4:
            try:
                network = ipaddress.ip_network(dice.choice(named), strict=False)
                return str(network[dice.randrange(min(network.num_addresses, 256))])
            except ValueError:
                pass
        return dice.choice(self.pool4 if dice.random() < 0.75 else self.pool6)

    def values_of(self, number, domain):
        dice = self.dice
        draw = dice.random()
        if number % LEAF and draw < 0.01:
            return []
        if number % LEAF and draw < 0.02:
            return [self.record(number, domain), self.record(number, domain)]
        record = self.record(number, domain)
        return [self.broken(record) if number % LEAF and dice.random() < 0.2 else record]

    def record(self, number, domain):
        dice = self.dice
        if dice.random() < 0.01:  # a chain that costs many lookups
            return "v=spf1 " + " ".join(f"{dice.choice(('a', 'mx', 'exists'))}:h{dice.randrange(HOSTS)}.net.test"
                                        for _ in range(dice.randrange(8, 14))) + " -all"
        terms = [self.term(number, domain) for _ in range(dice.choice((1, 1, 2, 2, 3, 3, 4, 6)))]
        if dice.random() < 0.8:
            terms.append(dice.choice(("-all", "-all", "~all", "~all", "?all", "+all", "all")))
        elif number % LEAF and dice.random() < 0.5:
            terms.insert(dice.randrange(len(terms) + 1), f"redirect={self.other(number)}")
        if dice.random() < 0.05:
            terms.insert(dice.randrange(len(terms) + 1), dice.choice(("exp=why.net.test", "exp=nothing.net.test", "moo=cow", "v.x-y_z=%{d}")))
        record = "v=spf1 " + " ".join(terms)
        if dice.random() < 0.03:
            record = record.upper() if dice.random() < 0.5 else record.title()
        if dice.random() < 0.03:
            record = record.replace(" ", "   ") + " "
        return record

    def term(self, number, domain):
        dice = self.dice
        kind = dice.choices((self.ip4, self.ip6, self.a, self.mx, self.include, self.exists, self.ptr), (22, 12, 16, 10, 24 if number % LEAF else 0, 8, 4))[0]
        return dice.choices(("", "+", "-", "~", "?"), (70, 6, 8, 8, 8))[0] + kind(number, domain)

    def other(self, number):
        """A domain to lean on: mostly one made before, so that most chains end; sometimes any, sometimes none."""
        draw = self.dice.random()
        if draw < 0.03:
            return "nowhere.test"
        if draw < 0.06:
            return f"d{self.dice.randrange(self.count)}.test"
        if draw < 0.08:
            return f"d{number}.test"
        if draw < 0.30:
            return f"d{self.dice.randrange(max(1, number))}.test"
        return f"d{self.dice.randrange(max(1, number)) // LEAF * LEAF}.test"

    def host(self):
        dice = self.dice
        draw = dice.random()
        if draw < 0.04:
            return f"missing{dice.randrange(50)}.net.test"
        if draw < 0.10:
            return f"alias{dice.randrange(20)}.net.test"
        if draw < 0.13:
            return f"%{{d1r}}.h{dice.randrange(HOSTS)}.net.test"
        return f"h{dice.randrange(HOSTS)}.net.test" + ("." if draw > 0.98 else "")

    def cidr(self):
        dice = self.dice
        return dice.choices(("", f"/{dice.randrange(20, 33)}", f"//{dice.randrange(100, 129)}",
                             f"/{dice.randrange(20, 33)}//{dice.randrange(100, 129)}"), (70, 16, 7, 7))[0]

    def ip4(self, *_):
        return f"ip4:{self.dice.choice(self.pool4)}" + self.dice.choice(("", f"/{self.dice.randrange(20, 33)}", "/24", "/0"[:0]))

    def ip6(self, *_):
        return f"ip6:{self.dice.choice(self.pool6)}" + self.dice.choice(("", f"/{self.dice.randrange(64, 129)}", "/64"))

    def a(self, *_):
        return "a" + ("" if self.dice.random() < 0.25 else ":" + self.host()) + self.cidr()

    def mx(self, *_):
        return "mx" + ("" if self.dice.random() < 0.3 else f":mx{self.dice.randrange(EXCHANGES + 2)}.net.test") + self.cidr()

    def include(self, number, _):
        return "include:" + self.other(number)

    def ptr(self, *_):
        return "ptr" + self.dice.choice(("", ":net.test", ":h1.net.test"))

    def exists(self, *_):
        return "exists:" + self.dice.choice(("%{i}._ip.net.test", "%{ir}._rev.net.test", "%{l}._user.net.test", "%{d}._any.net.test",
                                             "%{d2}.net.test", "%{o1}._any.net.test", "%{l1r-}._user.net.test", "%{h}",
                                             "%{ir}.%{v}._any.net.test", "%{S}._any.net.test", "h7.net.test", "%{p}._any.net.test",
                                             "%{l1r+-/=_.}._user.net.test", "%{i1r}.%{h2}._any.net.test"))

    # ---- slips ----

    def broken(self, record):
        dice = self.dice
        words = record.split(" ")
        at = dice.randrange(1, max(2, len(words)))
        slip = dice.choice((
            "ip4:192.0.2.300", "ip4:192.0.2", "ip4:192.0.2.0/33", "ip4:192.0.2.0/", "ip4:", "ip4", "ip4:2001:db8::1", "ip6:192.0.2.1",
            "ip6:2001:db8::g", "ip6:2001:db8::/129", "ip6:2001:db8::1/064", "ip4:192.0.2.0/024", "ip4=192.0.2.1", "ipv4:192.0.2.1",
            "ip4: 192.0.2.1", "ip4:192.0.2.0//24", "ip6:::ffff:192.0.2.1", "a:", "a/", "a/33", "a//129", "a/24/64", "a/24//", "a:h1.net.test/",
            "a:h1", "a:h1.net.test:25", "a:/24", "a:@.net.test", "mx:", "mx/-1", "mx=h1.net.test", "mx:h1.net.test//", "include", "include:",
            "include=d1.test", "include:d1.test/24", "includes:d1.test", "include:_spf..test", "exists", "exists:", "exists:%{i}",
            "exists:%{x}.net.test", "exists:%{d", "exists:%d.net.test", "exists:%{d0}.net.test", "exists:%{t}.net.test", "exists:%{ir1}.net.test", "exists:%{dr2}.net.test",
            "exists:%(d).net.test", "ptr:", "ptr/24", "all:net.test", "all/8", "-all.", "--all", "-", "+", "all-", "redirect=",
            "redirect=d1.test redirect=d2.test", "redirect:d1.test", "exp=", "exp=why.net.test exp=why.net.test", "exp:why.net.test",
            "=x", "1x=y", "x_y=%{d}", "x=%{q}", "x=%", "moo", "v=spf1", "spf1", "a,mx", "a;", "a:%{d}.", "a:h1.net.test..", "\"a\"",
            "a:h1.net.test.%{d}", "a:%%.net.test", "a:%_%-.net.test", "a:-h1.net.test", "a:h1.net.1", "a:1.2.3.4", "a:[192.0.2.1]"))
        draw = dice.random()
        if draw < 0.8:
            words.insert(at, slip)
            return " ".join(words)
        if draw < 0.84:
            return dice.choice(("v=spf10", "v=spf2.0", "v = spf1", "v=spf1-all", " v=spf1", "V=SPF1", "v=spf", "\"v=spf1\"")) + record[6:]
        if draw < 0.88:
            return record.replace(" ", "\t", 1) if dice.random() < 0.5 else record.replace(" ", ",")
        if draw < 0.92:
            return record + " -all ip4:192.0.2.0/24 " + slip
        if draw < 0.96:
            return record[:dice.randrange(6, max(7, len(record)))]
        place = dice.randrange(7, max(8, len(record)))
        return record[:place] + dice.choice("é\x7f\x01%/:.") + record[place:]
