"""Prints what pyspf makes of each line "IP SENDER HELO" of standard input: the result, a tab, its words."""

import sys

import spf

for line in sys.stdin:
    address, sender, helo = line.split()
    try:
        result, words = spf.check2(address, sender, helo)
    except Exception as fault:  # pylint: disable=broad-except
        result, words = "crash", f"{type(fault).__name__}: {fault}"
    print(result, " ".join(str(words).split()), sep="\t", flush=True)
