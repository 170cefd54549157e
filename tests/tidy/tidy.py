#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks the house rules that a compiler doesn't know.

usage: tidy.py [ROOT]

Prints `file:line: what to do instead [rule]` and fails if there is any. Reads text only: nothing needs to be built.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from rules import RULES, Tree  # noqa: E402


def findings(root):
    tree = Tree(root)
    return sorted({finding for rule in RULES for finding in rule(tree)}), tree


def main(arguments):
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2]
    found, tree = findings(root)
    if not tree.cpp:
        print(f"tidy: no sources in {root}", file=sys.stderr)
        return 2
    for finding in found:
        print(finding)
    print(f"tidy: {len(found)} findings in {len(tree.files)} files, {len(RULES)} groups of rules")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
