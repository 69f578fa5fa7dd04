"""The mutants of a C file: one operator, constant, condition or statement
changed, by place in the text. Reads the layout of .clang-format: what is binary
has blanks on both sides, what is unary has not."""
import bisect
import re
from typing import NamedTuple

TOKEN = re.compile(r"""
    (?P<comment>/\*.*?\*/|//[^\n]*) | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<line>^[ \t]*\#(?:\\\n|[^\n])*) | (?P<number>\b(?:0[xX][0-9a-fA-F]+|\d+)[uUlL]*\b)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<operator><<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|/=|%=|&=|\|=|\^=|.)
""", re.VERBOSE | re.DOTALL | re.MULTILINE)

BINARY = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
          "&&": "||", "||": "&&", "+": "-", "-": "+", "*": "/", "/": "*",
          "%": "*", "<<": ">>", ">>": "<<", "&": "|", "|": "&", "^": "|",
          "+=": "-=", "-=": "+=", "|=": "&=", "&=": "|=", "*=": "/=",
          "<<=": ">>=", ">>=": "<<=", "^=": "|="}
UNARY = {"++": "--", "--": "++"}
WORDS = {"true": "false", "false": "true"}
# What may follow the first word of an expression that stands as a statement.
AFTER_START = {"(", "=", "->", ".", "[", "++", "--"} | {
    operator for operator in BINARY if operator.endswith("=") and
    operator not in ("<=", ">=", "==", "!=")}
NO_START = {"if", "while", "for", "switch", "return", "sizeof", "case", "do",
            "assert", "static_assert", "goto", "break", "continue", "typedef"}


class Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class Mutant(NamedTuple):
    file: str
    line: int
    start: int
    end: int
    text: str    # What stands there instead.
    before: str  # The line as it is, for people and for equivalent.txt.
    after: str
    function: str  # In which it is; "" for an enum or a table.

    @property
    def key(self):
        return f"{self.file}: {self.before}  =>  {self.after}"


def tokens_of(source):
    tokens = []
    for found in TOKEN.finditer(source):
        kind = found.lastgroup
        if kind in ("comment", "line") or found.group().isspace():
            continue
        tokens.append(Token(kind, found.group(), found.start(), found.end()))
    return tokens


def closing(tokens, at):
    """Index of the parenthesis that closes the one at @at."""
    depth = 0
    for i in range(at, len(tokens)):
        depth += (tokens[i].text in "([{") - (tokens[i].text in ")]}")
        if depth == 0:
            return i
    return len(tokens) - 1


def asserted(tokens):
    """Indices within assertions. They guard against our own mistakes: without
    one, no test could tell a weaker assertion from a right one."""
    inside = set()
    for i, token in enumerate(tokens[:-1]):
        if token.text in ("assert", "static_assert", "_Static_assert"):
            inside.update(range(i, closing(tokens, i + 1) + 1))
    return inside


def is_spaced(source, token):
    return source[token.start - 1].isspace() and source[token.end].isspace()


# The lesser or the greater of two, or what one is more than the other: at
# equality both ways give the same. Or two that were just found to differ. With or
# without "or equal" is one and the same program.
LIMIT = re.compile(r"""
    \bif\ \((?P<a>[^()&|?]+?)\ (?:<=?|>=?)\ (?P<b>[^()&|?]+?)\)\ \{
        \s+(?:(?P=a)\ =\ (?P=b)|(?P=b)\ =\ (?P=a));\s+\}(?!\ else)
  | (?P<c>[\w.>\[\]-]+)\ (?:<=?|>=?)\ (?P<d>[\w.>\[\]-]+)\s+\?\s
        (?:(?P=c)\s+:\s(?P=d)|(?P=d)\s+:\s(?P=c))(?=[;,)])
  | (?P<e>[\w.>\[\]-]+)\ >=?\ (?P<f>[\w.>\[\]-]+)\s+\?\s
        (?P=e)\s-\s(?P=f)\s+:\s0(?=[;,)])
  | \bif\ \((?P<g>[\w.>\[\]-]+)\ !=\ (?P<h>[\w.>\[\]-]+)\)\ \{
        \s+return\ (?P=g)\ (?:<=?|>=?)\ (?P=h);
  | (?P<i>[\w.>\[\]-]+)\ !=\ (?P<j>[\w.>\[\]-]+)\s+\?\s
        (?P=i)\s(?:<=?|>=?)\s(?P=j)\s
""", re.VERBOSE)


def limits(source):
    """Where only the boundary of such a comparison could be changed."""
    return [(found.start(), found.end()) for found in LIMIT.finditer(source)]


def replaced_token(source, tokens, i):
    token = tokens[i]
    if token.kind == "operator":
        if token.text in UNARY:
            return UNARY[token.text]
        if token.text in BINARY and is_spaced(source, token):
            return BINARY[token.text]
        if token.text == "!" and not is_spaced(source, token):
            return ""
        return None
    if token.kind == "number":
        digits = token.text.rstrip("uUlL")
        suffix = token.text[len(digits):]
        number = int(digits, 0)
        return str(number - 1 if number == 1 else number + 1) + suffix
    if token.kind == "word":
        if token.text in WORDS:
            return WORDS[token.text]
        # An error or a hold that is not given.
        if re.fullmatch(r"TIP_E[A-Z_]+", token.text):
            return "TIP_OK"
        if re.fullmatch(r"TIP_HOLD_(?!NONE)[A-Z_]+", token.text):
            return "TIP_HOLD_NONE"
    return None


def conditions(tokens, source):
    """Each condition of if and while, negated."""
    for i, token in enumerate(tokens[:-1]):
        if token.text in ("if", "while") and tokens[i + 1].text == "(":
            opened, closed = tokens[i + 1], tokens[closing(tokens, i + 1)]
            inner = source[opened.end:closed.start]
            # The same as one of its operators changed.
            if not re.search(r"&&|\|\|", inner) and re.search(r"==|!", inner):
                continue
            yield opened.end, closed.start, f"!({inner})"


def statements(tokens):
    """Each expression that stands as a statement, left out."""
    for i, token in enumerate(tokens[:-1]):
        starts = token.kind == "word" and token.text not in NO_START
        if (i == 0 or tokens[i - 1].text not in (";", "{", "}", ":", ")") or
                not starts or tokens[i + 1].text not in AFTER_START):
            continue
        if tokens[i - 1].text == ")" and not after_condition(tokens, i - 1):
            continue
        if tokens[i - 1].text == ":" and not after_label(tokens, i - 1):
            continue
        depth = 0
        for j in range(i, len(tokens)):
            depth += (tokens[j].text in "([{") - (tokens[j].text in ")]}")
            if depth < 0 or (depth == 0 and tokens[j].text in "{,"):
                break
            if depth == 0 and tokens[j].text == ";":
                yield token.start, tokens[j].start, ""
                break


def after_condition(tokens, closed):
    depth = 0
    for i in range(closed, -1, -1):
        depth += (tokens[i].text == ")") - (tokens[i].text == "(")
        if depth == 0:
            return i > 0 and tokens[i - 1].text in ("if", "while", "for")
    return False


def after_label(tokens, colon):
    return any(token.text in ("case", "default")
               for token in tokens[max(0, colon - 3):colon])


def name_before(tokens, closed):
    """The word before the parentheses that end at @closed, or ""."""
    depth = 0
    for i in range(closed, 0, -1):
        depth += (tokens[i].text == ")") - (tokens[i].text == "(")
        if depth == 0:
            return tokens[i - 1].text if tokens[i].text == "(" else ""
    return ""


def outer_braces(tokens):
    """Spans of text between the outermost braces, and the name of the function
    it is of; the others are enums, structs and tables."""
    spans, i = [], 0
    while i < len(tokens):
        if tokens[i].text == "{":
            end = closing(tokens, i)
            spans.append((tokens[i].start, tokens[end].end,
                          name_before(tokens, i - 1)))
            i = end
        i += 1
    return spans


def mutants_of(name, source):
    """All mutants of the file called @name, in the order of the text."""
    tokens = tokens_of(source)
    inside = asserted(tokens)
    spans = outer_braces(tokens)
    barred = [(tokens[i].start, tokens[i].end) for i in sorted(inside)]
    same = limits(source)
    changes = []
    for i, token in enumerate(tokens):
        text = None if i in inside else replaced_token(source, tokens, i)
        if token.text in ("<", "<=", ">", ">=") and any(
                low <= token.start < high for low, high in same):
            continue
        if text is not None:
            changes.append((token.start, token.end, text))
    changes += conditions(tokens, source)
    changes += statements(tokens)
    starts = [0] + [found.end() for found in re.finditer("\n", source)]
    for start, end, text in sorted(set(changes)):
        within = [name for low, high, name in spans if low <= start < high]
        if not within or any(low <= start < high for low, high in barred):
            continue
        line = bisect.bisect_right(starts, start)
        yield made(name, source, line, start, end, text, within[0])


def made(name, source, line, start, end, text, function):
    first = source.rfind("\n", 0, start) + 1
    last = source.find("\n", end)
    before = " ".join(source[first:last].split())
    after = " ".join((source[first:start] + text + source[end:last]).split())
    return Mutant(name, line, start, end, text, before, after, function)
