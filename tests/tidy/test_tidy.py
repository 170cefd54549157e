#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A planted breach of every rule is found where it was planted, and good sources are left alone."""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from cpp_source import CppSource  # noqa: E402
from tidy import findings  # noqa: E402

SPDX = "// SPDX-License-Identifier: GPL-3.0-or-later\n"
CLEAN = {
    "CMakeLists.txt": "# SPDX-License-Identifier: GPL-3.0-or-later\nproject(x)\n",
    "models/base/error.cpp": SPDX + 'Entry names[] = {Entry{ErrorCode::NotFound, "not_found"}};\n',
    "models/base/good.h": SPDX + "#pragma once\n\n#include <QString>\n\nvoid good(int a);\n",
    "models/store/query.cpp": SPDX + '#include "models/base/good.h"\nauto q = "SELECT a "\n         "FROM b WHERE c = ?";\n',
    "models/domain/kinds.h": SPDX + '#pragma once\nenum class Kind { One = 0, Two = 1 };\nCF_ENUM_NAMES(Kind, {Kind::One, "one"}, {Kind::Two, "two"});\n',
    "tests/models/domain/tst_enums.cpp": SPDX + 'auto rows = promise<Kind>("Kind", "0=one 1=two");\n',
    "resources/docs/errors.md": "# Errors\n\n## not_found\n\nNo such thing.\n\n- Retry: no.\n- What to do: look again.\n",
    "resources/docs/adr/0001-one.md": "# One\n",
    "tests/run": "#!/bin/bash\n# SPDX-License-Identifier: GPL-3.0-or-later\n",
    "views/page.cpp": SPDX + '#include "models/tables/orders.h"\n#include <QWidget>\n'
                             'auto text = "Select an order FROM the list"; // SELECT a FROM b is only a comment\n',
}


def body(lines):
    return "\n".join(f"    step({n});" for n in range(lines))


def source(text, name="views/planted.cpp"):
    return {name: SPDX + text + "\n"}


# Rule, line of the finding, files that are planted.
PLANTED = [
    ("spdx", 1, {"app/planted.cpp": "int x;\n"}),
    ("spdx", 2, {"installer/planted": "#!/bin/bash\necho\n"}),
    ("spdx", 1, {"app/CMakeLists.txt": "add_subdirectory(x)\n"}),
    ("pragma-once", 1, source("int x;", "views/planted.h")),
    ("file-name", 1, source("int x;", "views/PlantedPage.cpp")),
    ("file-length", 501, source("\n".join(["int x;"] * 500))),
    ("file-length", 301, source("#pragma once\n" + "\n".join(["int x;"] * 299), "views/planted.h")),
    ("function-length", 2, source("void f() {\n" + body(70) + "\n}")),
    ("function-length", 3, source("class A {\n    int f() const override {\n" + body(70) + "\n    }\n};")),
    ("function-length", 4, source("namespace a {\nFoo::Foo(int a)\n    : m_a{a}, m_b(1) {\n" + body(70) + "\n}\n}")),
    ("function-length", 2, source("auto f(int a) -> Result<int> {\n" + body(70) + "\n}")),
    ("function-length", 2, source("bool A::operator()(int a) const {\n" + body(70) + "\n}")),
    ("function-length", 2, source("A& A::operator=(const A& other) {\n" + body(70) + "\n}")),
    ("function-length", 2, source("template<class T> requires (sizeof(T) > 1) void f(T t) noexcept(true) {\n" + body(70) + "\n}")),
    ("function-parameters", 2, source("void f(int a, int b, int c, int d, int e, int f, int g) {}")),
    ("function-parameters", 2, source("Foo::Foo(int a, QMap<int, int> b, int c = f(1, 2), int d, int e, int f, int g) : m_a(a) {}")),
    ("layer", 2, source('#include "models/domain/order.h"', "models/base/planted.cpp")),
    ("layer", 2, source('#include "models/store/order_store.h"', "models/domain/planted.cpp")),
    ("layer", 2, source('#include "workflows/engine/step.h"', "models/store/planted.cpp")),
    ("layer", 2, source('#include "workflows/engine/step.h"', "models/tables/planted.cpp")),
    ("layer", 2, source('#include "models/tables/orders.h"', "workflows/services/planted.cpp")),
    ("layer", 2, source('#include "views/shell/main_window.h"', "workflows/services/planted.cpp")),
    ("layer", 2, source('#include "app/common/log.h"')),
    ("layer", 2, source("#include <QObject>", "models/domain/planted.cpp")),
    ("layer", 2, source("#include <QSqlQuery>", "models/base/planted.cpp")),
    ("layer", 2, source("#include <QMessageBox>", "models/store/planted.cpp")),
    ("layer", 2, source("#include <QColor>", "workflows/definition/planted.cpp")),
    ("layer", 2, source("#include <QTableView>", "models/tables/planted.cpp")),
    ("layer", 2, source("#include <QApplication>", "app/worker/planted.cpp")),
    ("layer", 2, source("#include <QSqlDatabase>")),
    ("layer", 2, source("#include <sqlite3.h>", "workflows/engine/planted.cpp")),
    ("layer", 2, source("#include <libpq-fe.h>", "app/worker/planted.cpp")),
    ("layer", 2, source("#include <QNetworkReply>")),
    ("qt-header", 2, source("#include <QtCore/QString>")),
    ("qt-header", 2, source("#include <QtWidgets>")),
    ("include-path", 2, source('#include "page.h"')),
    ("sql-place", 2, source('auto q = "SELECT a, b "\n    "FROM c";')),
    ("sql-place", 2, source('auto q = R"(INSERT  INTO a VALUES (1))";', "workflows/engine/planted.cpp")),
    ("sql-place", 2, source('auto q = QStringLiteral("UPDATE a SET b = 1");', "app/cli/planted.cpp")),
    ("sql-place", 3, source('#pragma once\nauto q = "DELETE FROM a";', "models/store/planted.h")),
    ("sql-arg", 2, source('auto q = QStringLiteral("SELECT a FROM b WHERE c = %1")\n    .arg(c);', "models/store/planted.cpp")),
    ("sql-type", 3, source("#pragma once\nQSqlError f();", "workflows/services/planted.h")),
    ("sql-type", 3, source("#pragma once\nsqlite3* f();", "workflows/services/planted.h")),
    ("sql-type", 2, {**source("#pragma once\nclass QSqlError;", "models/store/private.h"), **source('#include "models/store/private.h"')}),
    ("message-box", 2, source("void f() { QMessageBox::warning(this, a, b); }")),
    ("rich-text", 2, source("void f() { label->setTextFormat(Qt::RichText); }")),
    ("rich-text", 2, source("void f() { label->setTextFormat( Qt::AutoText ); }")),
    ("xml", 2, source("QDomDocument d;", "workflows/definition/planted.cpp")),
    ("tls", 2, source("void f() { reply->ignoreSslErrors(); }", "workflows/gateway/planted.cpp")),
    ("transaction", 2, source("void f() { m_database.transaction(); }", "models/store/planted.cpp")),
    ("transaction", 2, source("void f() { QSqlDatabase::database().transaction(); db.transaction(); }", "models/store/planted.cpp")),
    ("random", 2, source("int f() { return rand(); }", "app/sandbox/planted.cpp")),
    ("random", 2, source("int f() { return qrand(); }", "tests/views/planted.cpp")),
    ("clock", 2, source("auto t = QDateTime::currentDateTimeUtc();")),
    ("clock", 2, source("auto t = std::chrono::system_clock::now();", "workflows/engine/planted.cpp")),
    ("uuid", 2, source("auto t = QUuid::createUuid();", "workflows/engine/planted.cpp")),
    ("locale-money", 2, source("auto t = QLocale().toCurrencyString(1);")),
    ("connect", 2, source("void f() { connect(a, SIGNAL(b()), c, SLOT(d())); }")),
    ("sleep", 2, source("void f() { QTest::qWait(100); }", "tests/views/planted.cpp")),
    ("sleep", 2, source("void f() { QThread::msleep(100); }", "tests/models/planted.cpp")),
    ("vain-test", 2, source("void f() { QVERIFY(true); }", "tests/models/planted.cpp")),
    ("floating-point", 2, source("double amount = 1;", "models/domain/planted.cpp")),
    ("floating-point", 2, source("auto x = text.toDouble() * priceMinor;", "workflows/engine/planted.cpp")),
    ("leftover", 3, source("int x;\n// TODO: later", "workflows/engine/planted.cpp")),
    ("leftover", 3, source("/* one\n   FIXME two */")),
    ("leftover", 3, {"installer/planted": "#!/bin/bash\n# SPDX-License-Identifier: GPL-3.0-or-later\n# HACK\n"}),
    ("machine-path", 2, source('auto p = "/home/ada/x/y";')),
    ("machine-path", 1, {"README.md": "see /root/notes/x\n"}),
    ("error-code", 2, {"resources/docs/errors.md": "# Errors\n"}),
    ("error-code", 9, {"resources/docs/errors.md": CLEAN["resources/docs/errors.md"] + "## stale\n\n- Retry: no.\n- What to do: nothing.\n"}),
    ("error-code", 3, {"resources/docs/errors.md": "# Errors\n\n## not_found\n\nNo such thing.\n\n- Retry: no.\n"}),
    ("adr", 1, {"resources/docs/adr/0003-three.md": "# Three\n"}),
    ("adr", 1, {"resources/docs/adr/0001-again.md": "# Again\n"}),
    ("adr", 61, {"resources/docs/adr/0002-two.md": "\n" * 61}),
    ("adr", 1, {"resources/docs/adr/Two.md": "# Two\n"}),
    ("enum-name", 3, source("#pragma once\nenum class E { A = 0, B = 1 }; CF_ENUM_NAMES(E, {E::A, \"a\"});", "workflows/engine/planted.h")),
    ("enum-name", 3, source("#pragma once\nenum class E { A = 0 }; CF_ENUM_NAMES(E, {E::A, \"a\"});", "models/domain/planted.h")),
]

# What looks like a breach and is none.
INNOCENT = [
    source('auto s = "// TODO is text"; auto currency = "XXX"; auto path = "https://example.org/work/x";'),
    source("void f() {\n" + body(68) + "\n}"),
    source("constexpr std::array names{\n" + body(100) + "\n};"),
    source("const auto table = [] {\n" + body(100) + "\n}();"),
    source("enum class E {\n" + ",\n".join(f"V{n}" for n in range(100)) + "\n};"),
    source("class A {\n" + "\n".join(f"    int f{n}() const {{ return {n}; }}" for n in range(100)) + "\n};"),
    source("#define BLOCK(x) \\\n    { x \\\n\nvoid f() { if (a) { b(); } }"),
    source("void f(std::function<void(int, int, int, int)> a, QMap<int, QMap<int, int>> b) {}"),
    source("const qint64 limit = 1'000'000; const char c = '{'; void f() {}"),
    source("auto s = R\"x({{{ \"SELECT\" )x\"; void f() {}"),
    source("Money(double, Currency) = delete; // no double amounts", "models/base/planted.cpp"),
    source("auto now = QDateTime::currentDateTimeUtc();", "models/base/planted.cpp"),
    source("int operand(); int strand(int); auto x = operand();"),
    source('auto q = "DELETE FROM a";', "tests/models/store/planted.cpp"),
    source("#include <QtEndian>\n#include <QByteArrayView>\n#include <QStringView>", "workflows/definition/planted.cpp"),
    source('#include "planted.moc"', "tests/models/planted.cpp"),
    source('auto q = QStringLiteral("SELECT a FROM b"); auto t = QStringLiteral("%1").arg(1);', "models/store/planted.cpp"),
    {"build/dev/planted.cpp": "rand();\n", "node_modules/x/index.js": "// TODO\n"},
]


class Tidy(unittest.TestCase):
    def found_with(self, planted):
        with tempfile.TemporaryDirectory() as folder:
            for path, text in (CLEAN | planted).items():
                file = Path(folder, path)
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text, encoding="utf-8")
            return findings(folder)[0]

    def test_leaves_a_clean_tree_alone(self):
        self.assertEqual(self.found_with({}), [])

    def test_finds_every_planted_breach(self):
        for rule, line, planted in PLANTED:
            with self.subTest(rule=rule, planted=list(planted.values())[-1][-80:]):
                found = self.found_with(planted)
                self.assertIn((rule, line), [(f.rule, f.line) for f in found])
                self.assertEqual({f.rule for f in found}, {rule}, [str(f) for f in found])

    def test_leaves_innocent_sources_alone(self):
        for planted in INNOCENT:
            with self.subTest(planted=list(planted.values())[0][-80:]):
                self.assertEqual([str(f) for f in self.found_with(planted)], [])

    def test_every_rule_has_a_planted_breach(self):
        source_text = Path(__file__).with_name("rules.py").read_text(encoding="utf-8")
        for rule in {rule for rule, _, _ in PLANTED}:
            self.assertIn(f'"{rule}"', source_text)
        import re
        named = set(re.findall(r'\.find\("([a-z-]+)"', source_text)) | set(re.findall(r'Ban\("([a-z-]+)"', source_text))
        self.assertEqual(named, {rule for rule, _, _ in PLANTED})

    def test_says_what_to_do_instead(self):
        for _, _, planted in PLANTED:
            for finding in self.found_with(planted):
                self.assertGreater(len(finding.message), 20, str(finding))


class Functions(unittest.TestCase):
    def test_counts_names_lines_and_parameters(self):
        text = "namespace a {\n\nint one() { return 1; }\n\ntemplate<class T>\nT B<T>::two(T t, std::pair<int, int> p)\n{\n    return t;\n}\n}\n"
        self.assertEqual([(f.name, f.line, f.lines, f.parameters) for f in CppSource(text).functions()],
                         [("one", 3, 1, 0), ("two", 7, 3, 2)])

    def test_joins_neighbouring_literals(self):
        self.assertEqual([literal.text for literal in CppSource('f("a" \n "b", "c");').literals], ["ab", "c"])

    def test_unbalanced_sources_end_quietly(self):
        for text in ("void f() { (", "}}}", "void f() { [ }", '"', "R\"(", "/*"):
            CppSource(text).functions()


if __name__ == "__main__":
    unittest.main()
