#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Counts single test functions in ctest's LastTest.log.

usage: summary.py LOG CTEST_STATUS

Understands the closing lines of Qt Test, of Python's unittest, of Node's test runner (TAP and spec), and the plain
`N passed, N failed`. A test program that prints none of them counts as one. Fails when ctest failed, when anything failed, and when nothing ran.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

START = re.compile(r"^\d+/\d+ Testing: (?P<name>.+)$", re.M)
QT_TEST = re.compile(r"^Totals: (\d+) passed, (\d+) failed, (\d+) skipped", re.M)
UNITTEST = re.compile(r"^Ran (\d+) tests? in ", re.M)
UNITTEST_END = re.compile(r"^(?:OK|FAILED)(?: \((?P<counts>[a-z ]+=\d+(?:, [a-z ]+=\d+)*)\))?$", re.M)
CLOSING = re.compile(r"^(\d+) passed, (\d+) failed$", re.M)
NODE = re.compile(r"^(?:#|ℹ) (pass|fail|skipped|todo|cancelled) (\d+)$", re.M)


@dataclass
class Counts:
    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def add(self, other):
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped

    def total(self):
        return self.passed + self.failed + self.skipped


def count_program(output):
    """The test functions of one program's part of the log."""
    counts = Counts()
    for passed, failed, skipped in QT_TEST.findall(output):
        counts.add(Counts(int(passed), int(failed), int(skipped)))
    ends = UNITTEST_END.findall(output)
    for ran, end in zip(UNITTEST.findall(output), ends):
        numbers = {key.strip(): int(value) for key, value in (pair.split("=") for pair in end.split(",") if pair)}
        failed = numbers.get("failures", 0) + numbers.get("errors", 0) + numbers.get("unexpected successes", 0)
        skipped = numbers.get("skipped", 0)
        counts.add(Counts(int(ran) - failed - skipped, failed, skipped))
    for passed, failed in CLOSING.findall(output):
        counts.add(Counts(int(passed), int(failed)))
    for word, number in NODE.findall(output):
        if word == "pass":
            counts.passed += int(number)
        elif word in ("fail", "cancelled"):
            counts.failed += int(number)
        else:
            counts.skipped += int(number)
    ok = re.search(r"^Test Passed\.$", output, re.M) is not None
    not_run = re.search(r"^Test (Skipped|Not Run)", output, re.M | re.I) is not None
    if counts.total() == 0:
        # No closing line: a program of another kind, or one that crashed or ran out of time.
        return Counts(0, 0, 1) if not_run else Counts(1, 0, 0) if ok else Counts(0, 1, 0)
    if not ok and not not_run and counts.failed == 0:
        counts.failed = 1  # its functions passed and it failed all the same, for example when ending
    return counts


def count_log(text):
    """Programs by name, in the order of the log."""
    starts = list(START.finditer(text))
    ends = [start.start() for start in starts[1:]] + [len(text)]
    return {start["name"]: count_program(text[start.end():end]) for start, end in zip(starts, ends)}


def main(log, ctest_status):
    path = Path(log)
    programs = count_log(path.read_text(encoding="utf-8", errors="replace")) if path.exists() else {}
    total = Counts()
    for counts in programs.values():
        total.add(counts)
    print(f"    {len(programs)} test programs ran {total.total()} test functions")
    for name, counts in programs.items():
        if counts.failed:
            print(f"    failed: {name} ({counts.failed} of {counts.total()})")
    failed = total.failed or (1 if ctest_status != 0 else 0)
    if not programs:
        print("    no test ran")
    print(f"\n{total.passed} passed, {failed} failed, {total.skipped} skipped")
    return 1 if failed or total.passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], int(sys.argv[2])))
