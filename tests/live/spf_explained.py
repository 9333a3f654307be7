"""Why a program that others wrote comes to another SPF result than mxsmith: a table of explanations, each with the section of RFC 7208
that decides. What no row explains has not been understood, and fails.

A row looks at the records, by a grammar of its own, and at what the other programs say: never at anything of mxsmith's but its result."""

import re
from dataclasses import dataclass

from spf_grammar import is_grammatical, reachable

VOID = r"void lookup|void dns look-ups"
LOOKUPS = r"interactive terms limit|interactive terms \(|too many dns lookups"
ERRORS = ("permerror", "temperror")


class Disagreement:
    def __init__(self, query, ours, tool, verdicts, records, crowded):
        self.query = query
        self.ours = ours.result
        self.tool = tool
        self.theirs = verdicts[tool].result
        self.words = verdicts[tool].words
        self.others = [verdict for name, verdict in verdicts.items() if name != tool]
        self.domain = query[1].rsplit("@", 1)[1]
        self.records = reachable(self.domain, records)
        self.text = "\n".join(self.records)
        self.crowded = crowded

    def has(self, pattern, flags=re.I):
        return re.search(pattern, self.text, flags | re.M) is not None

    def says(self, pattern):
        return re.search(pattern, self.words, re.I) is not None

    def another_says(self, pattern):
        return any(re.search(pattern, verdict.words, re.I) for verdict in self.others)

    def with_us(self):
        """How many of the other programs come to our result."""
        return sum(verdict.result == self.ours for verdict in self.others)

    def grammatical(self):
        return all(map(is_grammatical, self.records))

    def laxer(self):
        return self.ours == "permerror" and self.theirs != "permerror"

    def stricter(self):
        return self.ours not in ERRORS and self.theirs == "permerror"


@dataclass
class Explanation:
    name: str
    section: str  # of RFC 7208
    tools: tuple
    why: str
    holds: object


LIBSPF2, MAIL_SPF, PYSPF = ("libspf2",), ("Mail::SPF",), ("pyspf",)
EXPLANATIONS = (
    # ---- limits ----
    Explanation("void-lookups-unlimited", "4.6.4", LIBSPF2, "it follows RFC 4408, which knows no limit of void lookups",
                lambda case: case.laxer() and case.another_says(VOID)),
    Explanation("void-lookups-of-hosts", "4.6.4", ("Mail::SPF", "pyspf"),
                "it counts void lookups of the addresses of MX and PTR names too; the section counts terms",
                lambda case: case.stricter() and case.says(VOID) and case.has(r"(^|[ +~?-])(mx|ptr)|%\{p")),
    Explanation("void-lookups-of-aliases", "4.6.4", PYSPF, "it counts each alias on the way to the records",
                lambda case: case.stricter() and case.says(VOID) and case.has(r"alias\d")),
    Explanation("void-alias-to-nothing", "4.6.4", MAIL_SPF,
                "an alias whose target has no such records is no void lookup to it: the answer holds the CNAME",
                lambda case: case.laxer() and case.another_says(VOID) and case.has(r"alias\d")),
    Explanation("lookups-beyond-ten", "4.6.4", LIBSPF2, "it evaluates more than ten terms that ask DNS",
                lambda case: case.laxer() and case.another_says(LOOKUPS)),
    Explanation("exchanges-beyond-ten", "4.6.4", ("libspf2", "Mail::SPF"), "it looks at ten MX names and leaves out the others",
                lambda case: case.laxer() and any(case.has(rf"mx:{name}\b") for name in case.crowded)),
    # ---- syntax: an error anywhere in a record is found before anything is evaluated ----
    Explanation("crash-at-empty-label", "4.8", MAIL_SPF, "it dies of a domain with an empty label",
                lambda case: case.theirs == "crash" and case.says("empty label") and case.has(r"\.\.")),
    Explanation("lax-syntax", "4.6", LIBSPF2, "it evaluates a record that the grammar does not allow",
                lambda case: case.laxer() and not case.grammatical() and case.with_us() > 0),
    Explanation("syntax-read-late", "4.6", MAIL_SPF, "it reads macros and some targets when it comes to them, not before",
                lambda case: case.laxer() and not case.grammatical() and case.with_us() > 0),
    Explanation("lax-macros", "7.1", PYSPF, "it takes macros that the grammar does not allow, and control characters",
                lambda case: case.laxer() and not case.grammatical() and case.with_us() > 0),
    Explanation("macro-zero-digits", "7.1", ("Mail::SPF", "pyspf"), "it takes %{d0}: a digit must not be zero",
                lambda case: case.laxer() and case.has(r"%\{[a-z]0")),
    Explanation("small-letters-alone", "7.1", ("Mail::SPF", "libspf2", "pyspf"),
                "it knows the transformer r in lower case alone: text in ABNF has no case (RFC 5234 section 2.3)",
                lambda case: (case.stricter() or case.tool == "pyspf") and case.has(r"%\{[a-zA-Z][0-9]*R", 0)),
    Explanation("modifier-names", "4.6.1", LIBSPF2, "it refuses names of modifiers with dots, hyphens and underscores",
                lambda case: case.stricter() and case.says("invalid character in middle of mechanism|could not find a valid")
                and case.has(r" [a-z][a-z0-9]*[._-][a-z0-9._-]*=")),
    Explanation("macro-delimiters", "7.1", LIBSPF2, "it refuses the delimiters / and =",
                lambda case: case.stricter() and case.says("invalid delimiter '[/=]'|could not find a valid") and case.has(r"%\{[^}]*[/=]")),
    Explanation("modifier-in-capitals", "6.1", PYSPF, "it knows redirect= in lower case alone: text in ABNF has no case",
                lambda case: case.theirs == "neutral" and case.has(r"R(EDIRECT|edirect)=", 0) and case.grammatical()),
    # ---- evaluation ----
    Explanation("redirect-in-place", "6.1", LIBSPF2, "it follows redirect= where it stands, not after all mechanisms",
                lambda case: case.has(r"redirect=\S+ (.* )?[-+~?]?(all|a|mx|ptr|ip4|ip6|include|exists)\b")
                and (case.with_us() > 0 or case.another_says(VOID))),
    Explanation("include-of-itself", "4.6.4", PYSPF, "it refuses a record that includes itself before it evaluates what stands in front",
                lambda case: case.stricter() and case.says("trivial recursion") and case.with_us() > 0),
    Explanation("mapped-client", "5", LIBSPF2, "it takes an IPv4-mapped client for an IPv6 one",
                lambda case: case.query[0].lower().startswith("::ffff:") and case.with_us() > 0),
    Explanation("mapped-network", "5", MAIL_SPF, "it lets an IPv4-mapped network of ip6: match an IPv4 client",
                lambda case: case.query[0].lower().startswith("::ffff:") and case.has(r"ip6:::ffff:")),
    Explanation("parts-reversed-wrongly", "7.3", LIBSPF2, "%{l1r-} of a local-part without a hyphen is empty to it",
                lambda case: case.has(r"%\{l1r-") and case.with_us() > 0),
    Explanation("empty-label-asked-for", "4.8", LIBSPF2, "it asks DNS for a domain with an empty label",
                lambda case: case.theirs == "temperror" and case.has(r"\.\.")),
)


def explain(case):
    """The first row that holds, or None."""
    return next((row for row in EXPLANATIONS if case.tool in row.tools and row.holds(case)), None)
