#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Somebody who sees nothing claims and resolves a case: in the real console, by the names and actions that a screen reader gets (AT-SPI).

    xvfb-run -a dbus-run-session -- /usr/bin/python3 claim_a_case.py COUNTERFOIL MAKE_SAMPLE_SHOP [SECONDS]

Needs gir1.2-atspi-2.0 for Debian's own Python, and at-spi2-core. Fails where a name is missing, where an action has no effect, and
after SECONDS (60).
"""

import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi, GLib  # noqa: E402

REASON = "the gateway was asked: 105.00 USD is right"
PERSON = "demo.support"
NAMED_ROLES = {"push button", "toggle button", "check box", "radio button", "text", "password text", "combo box", "spin button",
               "table", "list", "tree table", "page tab", "page tab list", "menu item", "table column header"}
CHILDREN_MAX = 300


class Failure(Exception):
    pass


def of(value, otherwise, *arguments):
    """What an object says of itself; it may be gone by now."""
    try:
        return value(*arguments)
    except GLib.Error:
        return otherwise


def has(node, *states):
    known = of(node.get_state_set, None)
    return known is not None and all(known.contains(state) for state in states)


def children(node, most):
    """All at once: Qt 6.4 reads beyond the end of its list when it is asked for a child that has gone since they were counted, as scroll bars do."""
    found = [of(node.get_child_at_index, None, i) for i in range(min(of(node.get_child_count, 0), most))]
    return [child for child in found if child is not None]


def visible(node):
    """Everything below that is on the screen, itself first."""
    if not has(node, Atspi.StateType.SHOWING):
        return
    yield node
    for child in children(node, CHILDREN_MAX):
        yield from visible(child)


def path_of(node):
    steps = []
    while node is not None and len(steps) < 12:
        steps.append(f"{of(node.get_role_name, '?')} '{of(node.get_name, '?')[:40]}'")
        node = of(node.get_parent, None)
    return " in ".join(steps)


class Reader:
    """What a screen reader does with one program."""

    def __init__(self, seconds):
        self.ends = time.monotonic() + seconds
        self.program = None
        self.process = None

    def wait(self, what, condition):
        while True:
            found = condition()
            if found:
                return found
            if self.process is not None and self.process.poll() is not None:
                raise Failure(f"the console ended by itself: {self.process.returncode}")
            if time.monotonic() > self.ends:
                raise Failure(f"in vain: {what}")
            time.sleep(0.03)

    def start(self, command, environment):
        desktop = Atspi.get_desktop(0)
        self.process = subprocess.Popen(command, env=environment)

        def registered():
            programs = [of(desktop.get_child_at_index, None, i) for i in range(of(desktop.get_child_count, 0))]
            return [each for each in programs if each is not None and of(each.get_name, "") == "counterfoil"]

        self.program = self.wait("the console tells a screen reader that it is there", registered)[0]

    def windows(self):
        self.program.clear_cache()
        for window in children(self.program, CHILDREN_MAX):
            yield from visible(window)

    def find(self, role, name, *states):
        def matching():
            return [each for each in self.windows() if of(each.get_role_name, "") == role and name in of(each.get_name, "") and has(each, *states)]

        return self.wait(f"{role} '{name}'", matching)[0]

    def do(self, role, name, action):
        node = self.find(role, name, Atspi.StateType.ENABLED)
        names = [of(node.get_action_name, "", i) for i in range(of(node.get_n_actions, 0))]
        if action not in names:
            raise Failure(f"{path_of(node)} can't be asked to {action}, only {names}")
        node.do_action(names.index(action))

    def write(self, name, text):
        node = self.find("text", name, Atspi.StateType.ENABLED, Atspi.StateType.EDITABLE)
        if not node.set_text_contents(text):
            raise Failure(f"{path_of(node)} takes no text")
        self.wait(f"'{text}' in {name}", lambda: of(Atspi.Text.get_text, "", node, 0, -1) == text)

    def check_names(self, where):
        nameless = [path_of(each) for each in self.windows() if of(each.get_role_name, "") in NAMED_ROLES and not of(each.get_name, "").strip()]
        if nameless:
            raise Failure("without a name on " + where + ":\n  " + "\n  ".join(nameless))

    def tell(self):
        """For whoever looks for the reason of a failure."""
        for each in self.windows():
            print(f"  {of(each.get_role_name, '?')} '{of(each.get_name, '?')[:70]}'", file=sys.stderr)


def work(reader):
    """From the overview to a resolved case."""
    reader.find("push button", "Working as")
    reader.check_names("the overview")
    reader.do("push button", "Interventions", "Press")
    reader.find("table", "Cases")
    reader.do("table cell", "Amount conflict", "Toggle")
    reader.find("push button", "Open the case", Atspi.StateType.ENABLED)
    reader.check_names("the queue of cases")
    reader.do("push button", "Claim the case", "Press")
    reader.find("table cell", PERSON)
    reader.do("radio button", "Show: Mine", "Toggle")
    reader.find("table cell", PERSON)
    reader.do("table cell", "Amount conflict", "Toggle")
    reader.do("push button", "Open the case", "Press")
    reader.find("label", f"{PERSON} works on it")
    reader.check_names("the case")
    reader.write("Note or reason", REASON)
    reader.do("push button", "Resolve", "Press")
    reader.find("label", f"resolved by {PERSON}")
    # The words of a menu are there without opening it.
    quit_item = [each for each in menu_items(reader.program) if of(each.get_name, "") == "Quit"]
    if not quit_item:
        raise Failure("no menu says Quit")
    quit_item[0].do_action(0)
    if reader.process.wait(timeout=max(1.0, reader.ends - time.monotonic())) != 0:
        raise Failure(f"the console ended with {reader.process.returncode}")


def menu_items(node, depth=0):
    if of(node.get_role_name, "") == "menu item":
        yield node
    if depth < 6:
        for child in children(node, 40):
            yield from menu_items(child, depth + 1)


def check_database(file):
    with sqlite3.connect(file) as connection:
        row = connection.execute("SELECT state, owner, resolved_by, resolution FROM intervention_case WHERE kind = 'amount_conflict'").fetchone()
    if row is None or row != ("resolved", PERSON, PERSON, REASON):
        raise Failure(f"the database says {row}")


def main():
    console, make_shop = sys.argv[1:3]
    reader = Reader(float(sys.argv[3]) if len(sys.argv) > 3 else 60.0)
    with tempfile.TemporaryDirectory(prefix="counterfoil-screen-reader-") as folder:
        file = Path(folder) / "shop.db"
        subprocess.run([make_shop, str(file), "12"], check=True)
        environment = dict(os.environ, HOME=folder, XDG_CONFIG_HOME=folder, QT_QPA_PLATFORM="xcb", QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1")
        try:
            reader.start([console, "--database", f"sqlite:{file}"], environment)
            work(reader)
            check_database(file)
        except Failure as failure:
            print(f"FAILED: {failure}\nOn the screen:", file=sys.stderr)
            reader.tell() if reader.program is not None else None
            return 1
        finally:
            if reader.process is not None and reader.process.poll() is None:
                reader.process.kill()
                reader.process.wait()
    print("a case was claimed and resolved by names alone")
    return 0


if __name__ == "__main__":
    sys.exit(main())
