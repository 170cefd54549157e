#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks resources/docs/tcc.pml with Spin: that the rules keep every promise, and that each wrong variant breaks its own.

usage: run.py MODEL WORK_DIR
"""

import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

# Without optimisation: the compiler would take longer than what it saves.
SAFETY = ["-O0", "-DSAFETY", "-DNOREDUCE", "-DNOCLAIM"]
LIVENESS = ["-O0", "-DCOLLAPSE", "-DNFAIR=3"]

WALLET = ["-DOUTSIDE=0"]
GATEWAY = ["-DOUTSIDE=1", "-DSAME_DATABASE"]
HONEST = [*GATEWAY, "-DKEEPS_ITS_WORD"]
# After the last fault every run has to end, so that few are enough.
CRASHES = ["-DBOUNDED", "-DCRASHES=2", "-DLOSSES=0", "-DSTEALS=0", "-DCOPIES=0"]
LOSSES = ["-DBOUNDED", "-DCRASHES=0", "-DLOSSES=2", "-DSTEALS=0", "-DCOPIES=0"]

DEADLINE_S = 300
MEMORY_MIB = 1900


@dataclass
class Check:
    name: str
    defines: list
    compiler: list
    options: list
    # The promise that must be broken; empty if all must be kept.
    breaks: str = ""


def kept(name, defines):
    return Check(name, defines, SAFETY, [])


def ends(name, defines):
    return Check(name, defines, LIVENESS, ["-a", "-f", "-N", "ends"])


def variant(define, defines, promise):
    return Check(define, [f"-D{define}", *defines], SAFETY, [], promise)


CHECKS = [
    kept("gateway, two workers", HONEST),
    kept("gateway that breaks its word, two workers, no duplicates", [*GATEWAY, "-DNO_COPIES"]),
    kept("gateway that breaks its word, one worker", [*GATEWAY, "-DONE_WORKER"]),
    kept("participants in other databases", WALLET),
    ends("every run with a gateway and two crashes ends", [*CRASHES, *HONEST]),
    ends("every run with a gateway and two losses ends", [*LOSSES, *HONEST]),
    ends("every run with participants elsewhere ends", ["-DBOUNDED", *WALLET]),
    variant("CANCEL_ON_TIMEOUT", HONEST, "cancel_only_when_no_money_can_come"),
    variant("SENT_BEFORE_COMMIT", HONEST, "cancel_only_when_no_money_can_come"),
    variant("AMOUNT_UNCHECKED", HONEST, "confirm_only_with_exactly_the_money"),
    variant("NO_POLL", HONEST, "every_payment_ends"),
    variant("NO_LATE_REFUND", [*GATEWAY, "-DONE_WORKER"], "never_charged_and_cancelled_without_refund"),
    variant("REFUND_AGAIN", [*GATEWAY, "-DONE_WORKER"], "no_effect_twice"),
    variant("NO_COMPARE_AND_SET", WALLET, "a_decision_never_flips"),
    variant("NO_TOMBSTONE", WALLET, "no_try_after_cancel"),
    variant("NO_PURGE_GUARD", WALLET, "no_try_after_cancel"),
    variant("NO_FENCE", WALLET, "no_effect_twice"),
    variant("CHARGED_BEFORE_TRIED", WALLET, "confirm_only_when_all_is_tried"),
]


def run(arguments, folder, seconds=DEADLINE_S):
    """Standard output and error together; a run out of time says so."""
    try:
        done = subprocess.run(arguments, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              timeout=seconds, check=False, text=True, errors="replace")
        return done.stdout
    except subprocess.TimeoutExpired:
        return "out of time"


def verify(model, work, number, check):
    """An error's text or nothing, and the figures."""
    folder = work / f"check{number}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copy(model, folder / "tcc.pml")
    made = run(["spin", "-a", *check.defines, "tcc.pml"], folder)
    if not (folder / "pan.c").exists():
        return f"spin: {made[-400:]}", ""
    built = run(["cc", "-w", *check.compiler, f"-DMEMLIM={MEMORY_MIB}", "-o", "pan", "pan.c"], folder)
    if not (folder / "pan").exists():
        return f"cc: {built[-400:]}", ""
    began = time.monotonic()
    said = run(["./pan", "-m400000", "-w20", *check.options], folder)
    seconds = time.monotonic() - began
    states = re.search(r"^\s*(\S+) states, stored", said, re.M)
    memory = re.search(r"^\s*(\S+)\s+total actual memory usage", said, re.M)
    figures = f"{states[1] if states else '?':>10} states {seconds:6.1f} s {memory[1] if memory else '?':>8} MiB"
    errors = re.search(r"errors: (\d+)", said)
    if not errors:
        return f"the verifier said: {said[-400:]}", figures
    whole = "Search not completed" not in said and "max search depth too small" not in said
    if not check.breaks:
        if errors[1] != "0":
            return f"broken: {broken_promise(folder)}", figures
        return ("" if whole else "not all states were searched"), figures
    if errors[1] == "0":
        return "no promise was broken", figures
    found = broken_promise(folder)
    return ("" if found == check.breaks else f"broke {found}, not {check.breaks}"), figures


def broken_promise(folder):
    """What the trail's last step printed."""
    if not (folder / "tcc.pml.trail").exists():
        return "without a trail"
    printed = re.search(r"^\s*broken: (\w+)", run(["./pan", "-r", "tcc.pml.trail"], folder, 30), re.M)
    return printed[1] if printed else "an invalid end or a run that never ends"


def main(model, work):
    for program in ("spin", "cc"):
        if not shutil.which(program):
            print(f"FAILED: {program} is needed for this test and isn't installed")
            print("0 passed, 1 failed")
            return 1
    with ThreadPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
        results = list(pool.map(lambda pair: verify(model, work, *pair), enumerate(CHECKS)))
    failed = 0
    for check, (error, figures) in zip(CHECKS, results):
        expected = f"breaks {check.breaks}" if check.breaks else "keeps every promise"
        print(f"{'FAIL' if error else 'ok  '} {figures}  {check.name}: {expected}{f' -- {error}' if error else ''}")
        failed += bool(error)
    print(f"{len(CHECKS) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()))
