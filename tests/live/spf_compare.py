"""SPF: mxsmith beside libspf2, Mail::SPF and pyspf, over the zone that a name server serves them and that mxsmith reads as a file."""

import collections
import os
import random

import spf_suite
from name_space import fail
from spf_explained import EXPLANATIONS, Disagreement, explain
from spf_records import Maker
from spf_tools import OTHERS, mxsmith

SUITE_CASES = 203
DEFAULT_SEED = 7208


def ask_all(space, zone_text, queries, program):
    """Verdicts of everybody, by name."""
    with space.serve(zone_text) as server:
        verdicts = {name: ask(space, queries) for name, ask in OTHERS.items()}
        ours = mxsmith(program, server.zone, queries)
    return ours, verdicts


def suite(space, program):
    """Every case of the published suite that a server which answers can hold: we have to be right, and where another program is not,
    the suite says so, with the section."""
    path = spf_suite.suite_path()
    if not path.exists():
        if os.environ.get("MXSMITH_DEMAND_SHARED") == "1":
            fail(f"there is no {path} (set MXSMITH_SHARED)")
        print(f"SPF suite of RFC 7208: NOT RUN, there is no {path} (set MXSMITH_SHARED)")
        return 0
    run = skipped = faults = 0
    wrong = collections.Counter()
    for scenario in spf_suite.scenarios(path):
        every = [spf_suite.Case(scenario, test) for test in scenario["tests"]]
        cases = [case for case in every if case.can_be_served]
        skipped += len(every) - len(cases)
        ours, verdicts = ask_all(space, spf_suite.zone_of(scenario), [case.query for case in cases], program)
        for at, case in enumerate(cases):
            run += 1
            if ours[at].result not in case.results:
                faults += 1
                print(f"  WRONG: {case.scenario}: {case.id} (RFC 7208 section {case.section}) is {' or '.join(case.results)}, "
                      f"mxsmith says {ours[at].result}; others: { {name: each[at].result for name, each in verdicts.items()} }")
            wrong.update(name for name, each in verdicts.items() if each[at].result not in case.results)
    print(f"SPF suite of RFC 7208: {run} cases, mxsmith wrong in {faults}; "
          + ", ".join(f"{name} in {wrong[name]}" for name in verdicts)
          + f"; {skipped} not run here, which need a server that does not answer")
    if run + skipped < SUITE_CASES:
        fail(f"the suite has {run + skipped} cases, not {SUITE_CASES}")
    return faults


def generated(space, program):
    """Random records; every disagreement has to be explained."""
    count = int(os.environ.get("LIVE_RECORDS", "10000"))
    asked = os.environ.get("LIVE_SEED", str(DEFAULT_SEED))
    seed = random.SystemRandom().randrange(1 << 31) if asked == "random" else int(asked)
    print(f"SPF, {count} generated records: LIVE_SEED={seed}")
    made = Maker(seed, count).make()
    ours, verdicts = ask_all(space, made.zone.text(), made.queries, program)
    print("  results: " + ", ".join(f"{result} {number}" for result, number in collections.Counter(v.result for v in ours).most_common()))
    found = collections.Counter()
    unexplained = 0
    for at, query in enumerate(made.queries):
        for tool in verdicts:
            if verdicts[tool][at].result == ours[at].result:
                continue
            case = Disagreement(query, ours[at], tool, {name: each[at] for name, each in verdicts.items()}, made.records, made.crowded)
            row = explain(case)
            found[tool, row.name if row else None] += 1
            if row is None:
                unexplained += 1
                if unexplained <= 20:
                    print(f"  UNEXPLAINED: {' '.join(query)}\n    mxsmith {case.ours}, {tool} {case.theirs} ({case.words}), "
                          f"others {[other.result for other in case.others]}")
                    print("".join(f"    {record}\n" for record in case.records[:8]), end="")
    for row in EXPLANATIONS:
        for tool in row.tools:
            if found[tool, row.name]:
                print(f"  {found[tool, row.name]:5} {tool:10} {row.name} (RFC 7208 section {row.section}): {row.why}")
    agreed = count * len(verdicts) - sum(found.values())
    print(f"  {agreed} of {count * len(verdicts)} results agree, {sum(found.values()) - unexplained} disagreements are explained, "
          f"{unexplained} are not")
    return unexplained


def compare(space, program):
    return suite(space, program) + generated(space, program)
