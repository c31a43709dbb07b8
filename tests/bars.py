"""What style means in numbers: each function looks at one source text and names what is over the bar."""

import ast
import re
from collections.abc import Iterator
from typing import TypeAlias

MAX_FILE_LINES = 400  # One duty fits; the longest files of the projects we admire are about this long.
MAX_FUNCTION_LINES = 50  # One screen.
P90_FILE_LINES = 300
P90_FUNCTION_LINES = 25

# The core sees neither clock nor thread, neither disk nor network: what it uses must be a pure part of Python.
PURE_MODULES = frozenset(
    "__future__ abc base64 bisect collections copy dataclasses datetime decimal enum fractions functools hashlib "
    "heapq itertools json math operator re statistics string types typing unicodedata zoneinfo".split()
)

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef

# Spelt so that this line is not one itself.
_UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b")
_CLOCK_CALLS = {"now", "today", "utcnow"}
_BROAD = {"Exception", "BaseException"}
# Han, kana, Hangul, full-width forms and CJK punctuation.
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:'\"])//[^\n]*", re.DOTALL)
_HTML_COMMENT = re.compile(r"<!--.*?-->|\{#.*?#\}", re.DOTALL)
# A page without what customers do not read as words: template code, drawings, keys, commands.
_JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_WORDLESS = re.compile(r"<(script|style|svg|kbd|code|pre)\b.*?</\1>", re.DOTALL)
_WORDS = re.compile(
    r">([^<>]*[A-Za-z]{2,}[^<>]*)<|\b(?:alt|aria-label|placeholder|title)=\"([^\"]*[A-Za-z]{2,}[^\"]*)\""
)


def functions(source: str) -> list[Function]:
    """Every function, also methods and inner ones."""
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]


def length(function: Function) -> int:
    """Lines from the name to the end of the body; decorators are not counted."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def p90(lengths: list[int]) -> int:
    """The length that nine in ten do not pass."""
    return sorted(lengths)[max(0, -(-len(lengths) * 9 // 10) - 1)] if lengths else 0


def long_functions(source: str) -> Iterator[str]:
    """Functions that no longer fit on a screen."""
    for function in functions(source):
        if length(function) > MAX_FUNCTION_LINES:
            yield f"{function.name}: {length(function)} lines"


def broad_excepts(source: str) -> Iterator[str]:
    """Handlers that catch what nobody named."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and (node.type is None or _BROAD & _names(node.type)):
            yield f"line {node.lineno}"


def silent_excepts(source: str) -> Iterator[str]:
    """Handlers that do nothing; ``contextlib.suppress`` says the same aloud."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and all(_does_nothing(step) for step in node.body):
            yield f"line {node.lineno}"


def unfinished_marks(source: str) -> Iterator[str]:
    """Notes to self, in code or in comments."""
    for number, line in enumerate(source.splitlines(), 1):
        if _UNFINISHED.search(line):
            yield f"line {number}"


def impure_imports(source: str) -> Iterator[str]:
    """Imports that a pure module of the core must not have."""
    for node in ast.walk(ast.parse(source)):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or "."]
        yield from (name for name in names if not _is_pure(name))


def clock_calls(source: str) -> Iterator[str]:
    """Places that ask the time instead of being told it."""
    for node in ast.walk(ast.parse(source)):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr in _CLOCK_CALLS:
            yield f"line {called.lineno}"


def missing_docstring(source: str) -> bool:
    """Whether a module fails to say what it is for."""
    return ast.get_docstring(ast.parse(source)) is None


def texts_in_code(source: str, suffix: str) -> Iterator[str]:
    """Chinese that belongs in a catalogue; comments and docstrings may use it."""
    if suffix == ".py":
        yield from _cjk_strings(source)
        return
    bare = (_HTML_COMMENT if suffix == ".html" else _JS_COMMENT).sub("", source)
    yield from (line.strip() for line in bare.splitlines() if _CJK.search(line))


def words_in_template(source: str) -> Iterator[str]:
    """Words between the tags of a page, or in attributes that are read out, that no catalogue gave."""
    bare = source
    for pattern in (_HTML_COMMENT, _JINJA, _WORDLESS):
        bare = pattern.sub("", bare)
    yield from (" ".join((match[1] or match[2]).split()) for match in _WORDS.finditer(bare))


def _names(expression: ast.expr) -> set[str]:
    return {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}


def _does_nothing(step: ast.stmt) -> bool:
    return isinstance(step, ast.Pass) or (isinstance(step, ast.Expr) and isinstance(step.value, ast.Constant))


def _is_pure(name: str) -> bool:
    return name.split(".")[0] in PURE_MODULES or name.startswith("hall_server.core")


def _cjk_strings(source: str) -> Iterator[str]:
    tree = ast.parse(source)
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and node.body and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and id(node) not in docs else None
        if isinstance(text, str) and _CJK.search(text):
            yield repr(text[:30])
