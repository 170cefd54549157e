# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads C++ as far as the rules need it: what is code, comment or string, and where functions begin and end."""

import re
from bisect import bisect_right
from dataclasses import dataclass

TOKEN = re.compile(
    r'(?P<line>//[^\n]*(?:\\\n[^\n]*)*)'
    r'|(?P<block>/\*.*?\*/)'
    r'|(?P<raw>(?:u8|[uUL])?R"(?P<mark>[^()\\\s]{0,16})\((?P<rawtext>.*?)\)(?P=mark)")'
    r'|(?P<string>"(?P<text>(?:\\.|[^"\\\n])*)")'
    r"|(?P<number>(?<![\w])\d[\w.']*)"
    r"|(?P<char>'(?:\\.|[^'\\\n])+')",
    re.S)
DIRECTIVE = re.compile(r'^[ \t]*#(?:[^\n]*\\\n)*[^\n]*', re.M)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*(?P<name><[^>\n]+>|"[^"\n]+")', re.M)


@dataclass
class Literal:
    start: int
    end: int
    text: str


@dataclass
class Function:
    name: str
    line: int
    lines: int
    parameters: int


class CppSource:
    """`text` as written; `code` of the same length with comments, literals and directives blanked; `literals` with
    neighbours joined; `comments` as (offset, text); `includes` as (offset, name with its quotes or brackets)."""

    def __init__(self, text):
        self.text = text
        self.line_starts = [0] + [i + 1 for i, c in enumerate(text) if c == "\n"]
        self.comments = []
        self.literals = []
        blanked = list(text)

        def blank(start, end):
            for i in range(start, end):
                if blanked[i] != "\n":
                    blanked[i] = " "

        for match in TOKEN.finditer(text):
            if match["number"] is not None:
                continue
            if match["line"] is not None or match["block"] is not None:
                self.comments.append((match.start(), match.group()))
                blank(match.start(), match.end())
            elif match["char"] is not None:
                blank(match.start() + 1, match.end() - 1)
            else:
                self._add_literal(match)
                blank(match.start(), match.end())
        without_comments = "".join(blanked)
        # Directives are found where no comment or string hides them, and read from the text.
        self.includes = []
        for match in DIRECTIVE.finditer(without_comments):
            include = INCLUDE.match(text, match.start())
            if include:
                self.includes.append((match.start(), include["name"]))
            blank(match.start(), match.end())
        self.code = "".join(blanked)

    def _add_literal(self, match):
        text = match["rawtext"] if match["raw"] is not None else match["text"]
        previous = self.literals[-1] if self.literals else None
        if previous and not self.text[previous.end:match.start()].strip():
            previous.text += text
            previous.end = match.end()
        else:
            self.literals.append(Literal(match.start(), match.end(), text))

    def line_of(self, offset):
        return bisect_right(self.line_starts, offset)

    def functions(self):
        """Definitions at namespace or class scope. A file whose braces don't balance has none."""
        return list(_Functions(self).find())


CONTROL = re.compile(r"^(?:if|for|while|switch|catch|do|else|return)\b")
SCOPE = re.compile(r"^(?:inline\s+)?namespace\b|^extern\s*$")
CLASS = re.compile(r"^(?:class|struct|union)\b[^()=]*$")
NOT_PARAMETERS = re.compile(r"\b(?:noexcept|requires|decltype|alignas|explicit|__attribute__|__extension__|throw)\s*$")


class _Functions:
    def __init__(self, source):
        self.source = source
        self.code = source.code

    def find(self):
        code = self.code
        head_start = 0
        depth = 0  # of scopes that are open
        i = 0
        while i < len(code):
            c = code[i]
            if c == "(" or c == "[":
                i = self._match(i)
            elif c == ";":
                head_start = i + 1
            elif c == "}":
                depth -= 1
                head_start = i + 1
            elif c == "{":
                head = _strip_templates(code[head_start:i].strip())
                if SCOPE.search(head) or CLASS.search(head):
                    depth += 1
                    head_start = i + 1
                elif self._is_body(head):
                    end = self._match(i)
                    if end >= len(code):
                        return
                    yield self._describe(head, i, end)
                    i = end
                    head_start = i + 1
                else:
                    # An initialiser, an enum or a member's brace: the head goes on behind it.
                    i = self._match(i)
            i += 1
            if depth < 0:
                return

    @staticmethod
    def _is_body(head):
        if "(" not in head or CONTROL.match(head) or re.match(r"^enum\b", head):
            return False
        plain = _blank_groups(head)
        if re.search(r"(?<![=!<>+\-*/|&^%])=(?!=)", plain.replace("operator=", "operator ")):
            return False
        # In a list of member initialisers `m_a{…}` follows a name, the body follows a closing bracket.
        if re.search(r"\)[^:]*(?<!:):(?!:)", plain):
            return plain.rstrip().endswith((")", "}"))
        return True

    def _describe(self, head, opening, closing):
        name, parameters = _parameters(head)
        first = self.source.line_of(opening)
        return Function(name, first, self.source.line_of(closing) - first + 1, parameters)

    def _match(self, opening):
        """The offset of the bracket that closes the one at `opening`, or the end of the text."""
        pairs = {"(": ")", "[": "]", "{": "}"}
        stack = []
        for i in range(opening, len(self.code)):
            c = self.code[i]
            if c in pairs:
                stack.append(pairs[c])
            elif c in ")]}":
                if not stack or stack.pop() != c:
                    return len(self.code)
                if not stack:
                    return i
        return len(self.code)


def _strip_templates(head):
    """Without access labels, attributes and `template<…>` in front."""
    while True:
        head = re.sub(r"^(?:(?:public|private|protected|Q_SIGNALS|(?:public|private|protected)\s+Q_SLOTS)\s*:|\[\[.*?\]\])\s*", "", head)
        if not re.match(r"template\s*<", head):
            return head
        depth = 0
        for i, c in enumerate(head):
            depth += {"<": 1, ">": -1}.get(c, 0) if head[i - 1:i + 1] != "->" else 0
            if c == ">" and depth == 0:
                head = head[i + 1:].lstrip()
                break
        else:
            return head


def _blank_groups(text):
    """The text with the insides of round, square and curly brackets blanked."""
    depth = 0
    result = []
    for c in text:
        if c in ")]}":
            depth -= 1
        result.append(c if depth <= 0 else " ")
        if c in "([{":
            depth += 1
    return "".join(result)


def _parameters(head):
    """Name and number of parameters of a function's head."""
    i = 0
    while (i := head.find("(", i)) >= 0:
        depth = 0
        end = i
        for end in range(i, len(head)):
            depth += {"(": 1, ")": -1}.get(head[end], 0)
            if depth == 0:
                break
        before = head[:i].rstrip()
        is_call_operator = before.endswith("operator") and not head[i + 1:end].strip()
        if not is_call_operator and not NOT_PARAMETERS.search(before):
            name = re.search(r"[\w:~]+$|operator\s*\S+$", before)
            return (name.group().lstrip(":") if name else "function"), _count(head[i + 1:end])
        i = end + 1
    return "function", 0


def _count(parameters):
    if parameters.strip() in ("", "void"):
        return 0
    depth = 0
    commas = 0
    for i, c in enumerate(parameters):
        if c in "([{<":
            depth += 1
        elif c in ")]}" or (c == ">" and parameters[i - 1:i] != "-"):
            depth -= 1
        elif c == "," and depth == 0:
            commas += 1
    return commas + 1
