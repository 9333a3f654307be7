"""The programs whose SPF results are compared: ours, and those that others wrote. Each takes questions (IP, sender, HELO) and gives a
result for each of them, in the words of RFC 7208 section 2.6, with what it says of it."""

import json
import subprocess
from pathlib import Path

from name_space import fail

WORDS = {"none", "neutral", "pass", "fail", "softfail", "temperror", "permerror"}


class Verdict:
    def __init__(self, result, words=""):
        self.result = result
        self.words = words

    def __repr__(self):
        return f"{self.result} ({self.words})" if self.words else self.result


def lines_of(queries):
    return ("\n".join(" ".join(query) for query in queries) + "\n").encode("latin-1")


def answers_in(output):
    """Both spfquery programs print four lines for each question: result, explanation, comment, header. Before them libspf2 may
    have told what it found wrong, between lines of their own."""
    lines = iter(output.decode("latin-1").split("\n")[:-1])
    answers = []
    for line in lines:
        told = []
        if line == "StartError":
            told = [words.split(": ", 1)[-1] for words in iter(lambda: next(lines), "EndError")]
            line = next(lines)
        rest = [next(lines, ""), next(lines, ""), next(lines, "")]
        answers.append((line.lower(), "; ".join(told[2:] or told) or rest[1]))
    return answers


def verdict(name, result, words):
    if result not in WORDS:
        fail(f"{name} has no result: {result!r} ({words})")
    return Verdict(result, words)


def libspf2(space, queries):
    done = space.run("/usr/bin/spfquery.libspf2", "-file=-", input=lines_of(queries))
    # Its word for a record that it could not compile.
    own = {"(invalid)": "permerror"}
    answers = answers_in(done.stdout)
    if len(answers) != len(queries):
        fail(f"spfquery of libspf2 gave {len(answers)} answers to {len(queries)} questions: {answers[-2:]}")
    return [verdict("spfquery of libspf2", own.get(result, result), words) for result, words in answers]


def mail_spf(space, queries):
    """Ends at a question that it cannot bear; the next is asked of another process."""
    verdicts = []
    while len(verdicts) < len(queries):
        done = space.run("/usr/bin/spfquery.mail-spf-perl", "--versions", "1", "--file", "-", input=lines_of(queries[len(verdicts):]))
        verdicts += [verdict("spfquery of Mail::SPF", *answer) for answer in answers_in(done.stdout)]
        if len(verdicts) < len(queries):
            verdicts.append(Verdict("crash", " ".join(done.stderr.decode("latin-1").split())))
    return verdicts


def pyspf(space, queries):
    script = Path(__file__).with_name("pyspf_results.py")
    done = space.run("/usr/bin/python3", script, input=lines_of(queries))
    lines = done.stdout.decode("latin-1").split("\n")[:-1]
    if len(lines) != len(queries):
        fail(f"pyspf printed {len(lines)} lines for {len(queries)} questions: {done.stderr[-500:]}")
    return [Verdict(*line.split("\t")) for line in lines]


def mxsmith(program, zone, queries):
    """Over the zone as a file."""
    done = subprocess.run([program, "spf", "eval", "--file", "-", "--records", zone, "--format", "json"], input=lines_of(queries),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    lines = done.stdout.decode().splitlines()
    if len(lines) != len(queries):
        fail(f"mxsmith printed {len(lines)} lines for {len(queries)} questions:\n{done.stderr.decode()[-1000:]}")
    return [Verdict(json.loads(line)["result"]) for line in lines]


OTHERS = {"libspf2": libspf2, "Mail::SPF": mail_spf, "pyspf": pyspf}
