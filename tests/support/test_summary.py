#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The closing line of tests/run tells the truth about what ctest wrote."""

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from summary import main  # noqa: E402


def program(number, name, output, verdict="Test Passed."):
    return (f"{number}/9 Testing: {name}\n{number}/9 Test: {name}\nCommand: \"x\"\nOutput:\n{'-' * 58}\n{output}\n<end of output>\n"
            f"Test time =   0.01 sec\n{'-' * 58}\n{verdict}\n\"{name}\" end time: Nov 22\n{'-' * 58}\n\n")


def closing(log, status=0):
    """The last line that is printed, and the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "LastTest.log")
        if log is not None:
            path.write_text(log, encoding="utf-8")
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            code = main(str(path), status)
        return printed.getvalue().splitlines()[-1], code


class Summary(unittest.TestCase):
    def test_adds_up_every_kind_of_test(self):
        log = (program(1, "tst_a", "Totals: 5 passed, 0 failed, 1 skipped, 0 blacklisted, 2ms")
               + program(2, "tidy", "tidy: 0 findings")
               + program(3, "python", "Ran 4 tests in 0.1s\n\nOK (skipped=1)")
               + program(4, "node", "# tests 7\n# pass 6\n# fail 0\n# cancelled 0\n# skipped 1\n# todo 0")
               + program(5, "model", "ok   a\n3 passed, 0 failed"))
        self.assertEqual(closing(log), ("18 passed, 0 failed, 3 skipped", 0))

    def test_counts_failures(self):
        log = (program(1, "tst_a", "Totals: 5 passed, 2 failed, 0 skipped, 0 blacklisted, 2ms", "Test Failed.")
               + program(2, "python", "Ran 4 tests in 0.1s\n\nFAILED (failures=1, errors=1)", "Test Failed.")
               + program(3, "model", "FAIL a\n3 passed, 1 failed", "Test Failed."))
        self.assertEqual(closing(log, 8), ("10 passed, 5 failed, 0 skipped", 1))

    def test_a_crash_is_a_failure(self):
        self.assertEqual(closing(program(1, "tst_a", "PASS : x", "Test Failed."), 8), ("0 passed, 1 failed, 0 skipped", 1))

    def test_a_failure_behind_the_totals_is_a_failure(self):
        log = program(1, "tst_a", "Totals: 5 passed, 0 failed, 0 skipped, 0 blacklisted, 2ms", "Test Failed.")
        self.assertEqual(closing(log, 8), ("5 passed, 1 failed, 0 skipped", 1))

    def test_ctest_has_the_last_word(self):
        self.assertEqual(closing(program(1, "tidy", "fine"), 8), ("1 passed, 1 failed, 0 skipped", 1))

    def test_no_test_is_a_failure(self):
        self.assertEqual(closing(""), ("0 passed, 0 failed, 0 skipped", 1))
        self.assertEqual(closing(None, 8), ("0 passed, 1 failed, 0 skipped", 1))


if __name__ == "__main__":
    unittest.main()
