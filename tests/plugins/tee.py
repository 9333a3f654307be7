"""Runs a plug-in and writes down every line of the conversation: tee.py FILE PROGRAM ARGUMENT..."""

import subprocess
import sys
import threading

written = open(sys.argv[1], "a", buffering=1)
plugin = subprocess.Popen(sys.argv[2:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)


def pass_on(source, target):
    for line in source:
        written.write(line)
        target.write(line)
        target.flush()
    target.close()


threading.Thread(target=pass_on, args=(sys.stdin, plugin.stdin), daemon=True).start()
pass_on(plugin.stdout, sys.stdout)
sys.exit(plugin.wait())
