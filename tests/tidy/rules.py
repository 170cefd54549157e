# SPDX-License-Identifier: GPL-3.0-or-later
"""The house rules as checks: each takes the tree and yields findings that say what to do instead."""

import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

from cpp_source import CppSource

CODE_FOLDERS = ("models", "workflows", "views", "app", "resources")
# What tests read: data, made by machines or by others.
INPUTS = ("tests/fuzz/corpus", "tests/fuzz/cases", "tests/views/naughty")


@dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    rule: str
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message} [{self.rule}]"


class File:
    def __init__(self, root, path):
        self.path = path
        self.parts = PurePosixPath(path).parts
        self.suffix = PurePosixPath(path).suffix
        self._file = root / path

    @cached_property
    def text(self):
        return self._file.read_text(encoding="utf-8", errors="replace")

    @cached_property
    def lines(self):
        return self.text.splitlines()

    @cached_property
    def cpp(self):
        return CppSource(self.text)

    @property
    def is_cpp(self):
        return self.suffix in (".cpp", ".h")

    @property
    def is_code(self):
        """Part of the programs, not of their tests."""
        return self.is_cpp and self.parts[0] in CODE_FOLDERS

    def within(self, *folders):
        return any(self.path.startswith(folder + "/") for folder in folders)

    def find(self, rule, line, message):
        return Finding(self.path, line, rule, message)


class Tree:
    """The files of a checkout: no build folders, no version control, nothing fetched."""

    SKIPPED = {".git", "build", "node_modules", "__pycache__", ".cache", ".venv"}

    def __init__(self, root):
        self.root = Path(root)
        self.files = sorted((File(self.root, path) for path in self._paths(self.root)), key=lambda f: f.path)
        self.by_path = {file.path: file for file in self.files}

    def _paths(self, folder):
        for entry in folder.iterdir():
            if entry.is_symlink():
                continue
            if entry.is_dir():
                if entry.name not in self.SKIPPED and not (entry / "CMakeCache.txt").exists():
                    yield from self._paths(entry)
            else:
                yield entry.relative_to(self.root).as_posix()

    @property
    def cpp(self):
        return [file for file in self.files if file.is_cpp]

    @property
    def code(self):
        return [file for file in self.files if file.is_code]

    @property
    def ours(self):
        """Text that we write: everything but data and the rules themselves, which name what they forbid."""
        suffixes = {".cpp", ".h", ".py", ".sh", ".mjs", ".js", ".cmake", ".txt", ".sql", ".scxml", ".md", ".json", ".service", ".xml",
                    ".desktop", ".yml", ".yaml", ".toml", ".conf", ".ini", ""}
        return [file for file in self.files if file.suffix in suffixes and not file.within("tests/tidy", *INPUTS) and file.path != "LICENSE"]


# --- Shape -----------------------------------------------------------------------------------------------------------

def spdx(tree):
    for file in tree.files:
        scripted = file.suffix in ("", ".sh", ".py", ".mjs", ".js") and file.lines[:1] and file.lines[0].startswith("#!")
        named = file.suffix in (".cpp", ".h", ".py", ".sh", ".mjs", ".cmake") or file.parts[-1] == "CMakeLists.txt"
        if scripted or named:
            at = 1 if file.lines[:1] and file.lines[0].startswith("#!") else 0
            if len(file.lines) <= at or "SPDX-License-Identifier: GPL-3.0-or-later" not in file.lines[at]:
                yield file.find("spdx", at + 1, "this line must be `SPDX-License-Identifier: GPL-3.0-or-later` in a comment")


def pragma_once(tree):
    for file in tree.cpp:
        if file.suffix == ".h" and "#pragma once" not in [line.strip() for line in file.lines]:
            yield file.find("pragma-once", 1, "put `#pragma once` below the SPDX line")


def file_names(tree):
    for file in tree.cpp:
        if not re.fullmatch(r"[a-z][a-z0-9_]*\.(cpp|h)", file.parts[-1]):
            yield file.find("file-name", 1, "name the file in snake_case after its class")


LENGTHS = {".cpp": 500, ".h": 300}


def file_lengths(tree):
    for file in tree.cpp:
        most = LENGTHS[file.suffix]
        if len(file.lines) > most:
            yield file.find("file-length", most + 1, f"{len(file.lines)} lines, at most {most}: move a class of its own into a file of its own")


LINES_MOST = 70
PARAMETERS_MOST = 6


def functions(tree):
    for file in tree.cpp:
        for function in file.cpp.functions():
            if function.lines > LINES_MOST:
                yield file.find("function-length", function.line,
                                f"{function.name} has {function.lines} lines, at most {LINES_MOST}: split it into steps that have names")
            # A function that stands before one of Qt's has Qt's parameters.
            if function.parameters > PARAMETERS_MOST and not re.match(r"Q[A-Z]\w*::", function.name):
                yield file.find("function-parameters", function.line,
                                f"{function.name} has {function.parameters} parameters, at most {PARAMETERS_MOST}: give them a struct")


# --- Layers ----------------------------------------------------------------------------------------------------------

LAYERS = (("models/base", 0), ("resources", 0), ("models/domain", 1), ("models/store", 2), ("models/tables", 3), ("workflows", 3),
          ("views", 4), ("app", 5), ("tests", 6))


def layer_of(path):
    return next((layer for folder, layer in LAYERS if path.startswith(folder + "/")), None)


def layers(tree):
    for file in tree.code:
        own = layer_of(file.path)
        for offset, name in file.cpp.includes:
            if not name.startswith('"'):
                continue
            other = name.strip('"')
            if layer_of(other) is not None and own is not None and layer_of(other) > own:
                yield file.find("layer", file.cpp.line_of(offset),
                                f"{other} is of a higher layer (base <- domain <- store <- {{tables, workflows}} <- views <- app): "
                                "pass it a value or an interface instead")
            for one, two in (("models/tables", "workflows"), ("workflows", "models/tables")):
                if file.within(one) and other.startswith(two + "/"):
                    yield file.find("layer", file.cpp.line_of(offset),
                                    f"{one} and {two} never include each other: let views or app bring them together")


GUI = re.compile(
    r"Q(?:Gui)?Application|Q\w*Widget\w*|QMainWindow|Q\w*Dialog|QMessageBox|QLabel|Q\w*Button\w*|QLineEdit|Q\w*TextEdit|QTextDocument|"
    r"Q(?:AbstractItem|Table|List|Tree|Column|Graphics|Header|Undo|Chart)View|Q\w*Layout|Q\w*Delegate|QMenu\w*|QAction\w*|QToolBar|QToolTip|QStatusBar|QComboBox|QSplitter|QUndo\w+|QPaint\w*|"
    r"QPixmap|QImage\w*|QColor|QIcon\w*|QFont\w*|QBrush|QPen|QPalette|QPolygon\w*|QScreen|QWindow|QCursor|QClipboard|QStyle\w*|QGraphics\w+|"
    r"QChart\w*|Q\w+Series|QSvg\w+|QStandardItem\w*|QKeySequence|Q\w*Validator|QDesktopServices")
SQL_HEADER = re.compile(r"QSql\w+|sqlite3\.h|libpq-fe\.h")
OBJECTS = re.compile(r"QObject|QVariant|QSettings|QCoreApplication|QTimer|QThread")
HEADERS = (
    (("models/base", "models/domain"), SQL_HEADER, "base and domain are values without I/O: SQL belongs into models/store"),
    (("models/base", "models/domain"), OBJECTS, "base and domain are plain values: no QObject, QVariant or event loop"),
    (("models", "workflows", "app/worker", "app/sandbox", "app/cli"), GUI, "nothing below views knows windows: return a value, let a view show it"),
    (("workflows/definition", "workflows/engine"), SQL_HEADER, "the definition and the engine compute only: take what was read as a value"),
    (("models/tables", "workflows/gateway", "workflows/services", "workflows/tcc", "app"), re.compile(r"sqlite3\.h|libpq-fe\.h"), "a database's own C API is used in models/store only"),
    (("views",), SQL_HEADER, "views hold no SQL: call a class of workflows/services or a model of models/tables"),
    (("views",), re.compile(r"QNetwork\w+|QTcp\w+|QSsl\w+"), "views don't talk to the network: call a class of workflows/services"),
)
MODULES = re.compile(r"<Qt(?:Core|Gui|Widgets|Sql|Network|Test|Svg|SvgWidgets|Charts|Scxml|Xml|Concurrent|OpenGL|PrintSupport)(?:>|/)")


def headers(tree):
    for file in tree.cpp:
        for offset, name in file.cpp.includes:
            line = file.cpp.line_of(offset)
            if MODULES.match(name):
                yield file.find("qt-header", line, f"{name}: include the class's own header without the module, for example <QString>")
            if name.startswith('"') and "/" not in name and not name.endswith('.moc"'):
                yield file.find("include-path", line, f"{name}: include by the path from the top of the repository")
            for folders, banned, instead in HEADERS:
                if file.is_code and file.within(*folders) and banned.fullmatch(name.strip('<>"').split("/")[-1]) and name.startswith("<"):
                    yield file.find("layer", line, f"{name}: {instead}")


# --- SQL -------------------------------------------------------------------------------------------------------------

SQL = re.compile(r"\bSELECT\b.+?\bFROM\b|\bINSERT\s+INTO\b|\bUPDATE\s+\S+\s+SET\b|\bDELETE\s+FROM\b", re.S)


def sql_place(tree):
    for file in tree.code:
        if file.within("models/store") and file.suffix == ".cpp":
            continue
        for literal in file.cpp.literals:
            if SQL.search(literal.text):
                yield file.find("sql-place", file.cpp.line_of(literal.start), "SQL text belongs into models/store/*.cpp: add a query there and call it")


def sql_arguments(tree):
    for file in tree.code:
        for literal in file.cpp.literals:
            if not SQL.search(literal.text):
                continue
            rest = re.match(r"[^;{}]*", file.cpp.code[literal.end:]).group()
            if re.search(r"\.\s*arg\s*\(", rest):
                yield file.find("sql-arg", file.cpp.line_of(literal.start), "no .arg() into SQL: prepare the statement once and bind the values")


SQL_TYPE = re.compile(r"\bQSql\w+|\bsqlite3(?:_\w+)?\b|\bPG(?:conn|result|notify)\b")


def sql_types(tree):
    """Types of a database's API stay inside models/store, also those that its private headers name."""
    naming = {file.path for file in tree.code if file.suffix == ".h" and SQL_TYPE.search(file.cpp.code)}
    for path in sorted(naming):
        file = tree.by_path[path]
        if not file.within("models/store"):
            at = SQL_TYPE.search(file.cpp.code)
            yield file.find("sql-type", file.cpp.line_of(at.start()), f"{at.group()} in a header: return a Result of a value instead")
    for file in tree.code:
        for offset, name in file.cpp.includes:
            other = name.strip('"')
            if other in naming and other.startswith("models/store/") and not file.within("models/store"):
                yield file.find("sql-type", file.cpp.line_of(offset), f"{other} is private to models/store (it names types of a database's API): include a header that names values")


# --- Banned ----------------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class Ban:
    rule: str
    pattern: re.Pattern
    instead: str
    tests: bool = True  # also in tests
    programs: bool = True
    exempt: tuple = ()


MONEY = r"(?:amount|money|minor|price|balance)"
FLOAT = r"\b(?:double|float|toDouble)\b"
BANS = (
    Ban("message-box", re.compile(r"\bQMessageBox::(?:information|warning|critical|question|about)\s*\("),
        "static message boxes guess rich text from data: use the plain-text dialog of views/widgets"),
    Ban("rich-text", re.compile(r"\bsetTextFormat\s*\(\s*Qt::(?:RichText|AutoText|MarkdownText)|\bQt::mightBeRichText\b"),
        "text from outside is never rich text: Qt::PlainText, or the plain label of views/widgets"),
    Ban("xml", re.compile(r"\bQDom\w+"), "QDom has no limits: QXmlStreamReader with the caps of workflows/definition/scxml_reader"),
    Ban("tls", re.compile(r"\bignoreSslErrors\b"), "never ignore TLS errors: add the certificate authority to the configuration"),
    Ban("transaction", re.compile(r"\b\w*(?:[dD]b|[dD]atabase)\w*(?:\(\))?\s*(?:\.|->|::)\s*transaction\s*\("),
        "QSqlDatabase::transaction() begins DEFERRED and forgets errors: use the transaction guard of models/store", exempt=("tests",)),
    Ban("random", re.compile(r"\b(?:q|s|qs)?rand\s*\("), "use QRandomGenerator::system(), or the seeded source that was injected"),
    Ban("clock", re.compile(r"\b(?:QDateTime::current\w+|QDate::currentDate|QTime::currentTime|system_clock::now)\b"),
        "take the time from the injected Clock", tests=False, exempt=("models/base",)),
    Ban("uuid", re.compile(r"\bQUuid\b"), "take ids from the injected IdSource"),
    Ban("locale-money", re.compile(r"\btoCurrencyString\b"), "it formats a double: use the exact formatter that goes through ICU"),
    Ban("connect", re.compile(r"\b(?:SIGNAL|SLOT)\s*\("), "connect by pointer to member with a context object"),
    Ban("sleep", re.compile(r"\bQTest::(?:qWait|qSleep)\b|\bQThread::\w*sleep\b|\bsleep_for\b|\bu?sleep\s*\("),
        "wait for a condition: QSignalSpy::wait, QTRY_VERIFY or a manual clock", programs=False, exempt=("tests/crash",)),
    Ban("vain-test", re.compile(r"\bQVERIFY\s*\(\s*true\s*\)|\bQCOMPARE\s*\(\s*(?:true\s*,\s*true|1\s*,\s*1)\s*\)"),
        "a test that cannot fail is a defect: check something", programs=False),
    Ban("floating-point", re.compile(rf"{FLOAT}[^\n;]*{MONEY}|{MONEY}[^\n;]*{FLOAT}", re.I),
        "no floating point near money: Money, BasisPoints, allocate() and multiplyDivide() are exact", tests=False),
)


def bans(tree):
    for file in tree.cpp:
        for ban in BANS:
            if not (ban.programs if file.is_code else ban.tests) or file.within(*ban.exempt):
                continue
            for match in ban.pattern.finditer(file.cpp.code):
                line = file.cpp.line_of(match.start())
                if ban.rule == "floating-point" and "delete" in file.lines[line - 1]:
                    continue  # the deleted constructor is the rule, not a breach of it
                yield file.find(ban.rule, line, f"{' '.join(match.group().split())[:60]}: {ban.instead}")


# --- Leftovers -------------------------------------------------------------------------------------------------------

LEFTOVER = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
MACHINE = re.compile(r"(?<![\w/.:])/(?:home|root|work|srv)/[\w.-]+/")


def leftovers(tree):
    for file in tree.ours:
        if file.is_cpp:
            for offset, comment in file.cpp.comments:
                if match := LEFTOVER.search(comment):
                    yield file.find("leftover", file.cpp.line_of(offset + match.start()), f"{match.group()}: do it, or leave it out cleanly")
        elif file.suffix != ".md":
            for number, line in enumerate(file.lines, 1):
                if match := LEFTOVER.search(line):
                    yield file.find("leftover", number, f"{match.group()}: do it, or leave it out cleanly")


def machine_paths(tree):
    for file in tree.ours:
        for number, line in enumerate(file.lines, 1):
            if MACHINE.search(line):
                yield file.find("machine-path", number, "a path of one machine: build it from the checkout's or a temporary folder")


# --- What belongs together -------------------------------------------------------------------------------------------

def error_codes(tree):
    source = tree.by_path.get("models/base/error.cpp")
    if source is None:
        return
    codes = {name: source.cpp.line_of(at) for at, name in
             ((m.start(), m[1]) for m in re.finditer(r'Entry\{ErrorCode::\w+,\s*"(\w+)"\}', source.text))}
    page = tree.by_path.get("resources/docs/errors.md")
    sections = {}
    for number, line in enumerate(page.lines if page else [], 1):
        if match := re.fullmatch(r"## (\w+)", line.strip()):
            sections[match[1]] = number
    for name, line in codes.items():
        if name not in sections:
            yield source.find("error-code", line, f"{name} has no section `## {name}` in resources/docs/errors.md: meaning, retry, what to do")
    for name, line in sections.items():
        if name not in codes:
            yield page.find("error-code", line, f"{name} is no code of models/base/error.cpp: remove the section")
        else:
            section = "\n".join(page.lines[line:]).split("\n## ")[0]
            for part in ("Retry:", "What to do:"):
                if part not in section:
                    yield page.find("error-code", line, f"the section {name} needs a line with `{part}`")


ADR_LINES_MOST = 60


def decisions(tree):
    numbers = []
    for file in tree.files:
        if not file.within("resources/docs/adr"):
            continue
        match = re.fullmatch(r"(\d{4})-[a-z0-9-]+\.md", file.parts[-1])
        if not match:
            yield file.find("adr", 1, "name it NNNN-title-in-lower-case.md")
            continue
        numbers.append((int(match[1]), file))
        if len(file.lines) > ADR_LINES_MOST:
            yield file.find("adr", ADR_LINES_MOST + 1, f"{len(file.lines)} lines, at most {ADR_LINES_MOST}: a page says what was decided and why")
    for expected, (number, file) in enumerate(sorted(numbers, key=lambda pair: (pair[0], pair[1].path)), 1):
        if number != expected:
            yield file.find("adr", 1, f"number {number:04} where {expected:04} is next: no gaps, no number twice")
            return


NAMES = re.compile(r"\bCF_ENUM_NAMES\s*\(\s*(\w+)\s*,(.*?)\)\s*;", re.S)
ENUM = re.compile(r"\benum\s+class\s+(\w+)[^{;]*\{(.*?)\}", re.S)


def enum_names(tree):
    """Every value of a named enum has a name; every one of models/domain is pinned by a test."""
    pinned = tree.by_path.get("tests/models/domain/tst_enums.cpp")
    for file in tree.code:
        if file.suffix != ".h":
            continue
        values = {match[1]: re.findall(r"(?:^|,)\s*(\w+)", match[2]) for match in ENUM.finditer(file.cpp.code)}
        for match in NAMES.finditer(file.cpp.code):
            enum, named = match[1], re.findall(rf"\b{match[1]}::(\w+)", match[2])
            line = file.cpp.line_of(match.start())
            for value in values.get(enum, []):
                if value not in named:
                    yield file.find("enum-name", line, f"{enum}::{value} has no name: it could not be written or read")
            if file.within("models/domain") and pinned and not re.search(rf"\bpromise<{enum}>", pinned.text):
                yield file.find("enum-name", line, f"{enum} isn't pinned: add a row to tests/models/domain/tst_enums.cpp")


RULES = (spdx, pragma_once, file_names, file_lengths, functions, layers, headers, sql_place, sql_arguments, sql_types, bans, leftovers,
         machine_paths, error_codes, decisions, enum_names)
