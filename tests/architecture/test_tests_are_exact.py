"""A test accepts one answer, compares whole sets, waits for a condition, and counts statements against each other."""

import ast
from collections.abc import Iterator

from tests.architecture.test_the_house_stands import ROOT

LITERAL = (ast.Tuple, ast.List, ast.Set)
SUBSETS = (ast.LtE, ast.GtE, ast.Lt, ast.Gt)
SLEEPS = {"sleep", "wait_for_timeout"}
CLOCKS = {"monotonic", "perf_counter", "process_time"}
SKIPS = {"skip", "skipif", "xfail", "importorskip"}


def called(node: ast.AST) -> str:
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_a_set(node: ast.AST) -> bool:
    return isinstance(node, ast.Set | ast.SetComp) or called(node) in ("set", "frozenset")


def accepts_two(test: ast.expr) -> bool:
    """``code in (200, 302)``, or ``"this" in text or "that" in text``."""
    if isinstance(test, ast.BoolOp):
        compared = [part for part in test.values if isinstance(part, ast.Compare)]
        found = [part for part in compared if isinstance(part.ops[0], ast.In)]
        return isinstance(test.op, ast.Or) and len(found) == len(test.values)
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.ops[0], ast.In)
        and isinstance(test.comparators[0], LITERAL)
    )


def compares_part_of_a_set(test: ast.expr) -> bool:
    if not isinstance(test, ast.Compare):
        return False
    sides = [test.left, *test.comparators]
    return any(isinstance(op, SUBSETS) for op in test.ops) and any(map(is_a_set, sides))


def counted(tree: ast.AST) -> set[str]:
    """Names of captured statements."""
    withs = [node for node in ast.walk(tree) if isinstance(node, ast.With)]
    return {
        item.optional_vars.id
        for node in withs
        for item in node.items
        if called(item.context_expr) == "CaptureQueriesContext" and isinstance(item.optional_vars, ast.Name)
    }


def is_a_number(node: ast.AST) -> bool:
    """A number written down; that nothing at all is asked may be said."""
    return isinstance(node, ast.Constant) and isinstance(node.value, int) and node.value > 0


def counts_absolutely(node: ast.AST, captured: set[str]) -> bool:
    if called(node) == "django_assert_max_num_queries":
        return True
    if called(node) in ("django_assert_num_queries", "assertNumQueries"):
        return any(is_a_number(argument) for argument in node.args)
    if not isinstance(node, ast.Compare):
        return False
    sides = [node.left, *node.comparators]
    names = {getattr(side.args[0], "id", "") for side in sides if called(side) == "len"}
    return bool(names & captured) and any(map(is_a_number, sides))


def inexact(source: str) -> Iterator[str]:
    """Line and reason of what is not exact."""
    tree = ast.parse(source)
    captured = counted(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert) and accepts_two(node.test):
            yield f"{node.lineno} accepts more than one answer"
        if isinstance(node, ast.Assert) and compares_part_of_a_set(node.test):
            yield f"{node.lineno} compares a part of a set; say which part is too much: `found - known == set()`"
        if called(node) in SLEEPS:
            yield f"{node.lineno} waits for a time; `tests.overlap.until` waits for a condition"
        if called(node) in CLOCKS:
            yield f"{node.lineno} looks at the clock of the machine"
        if called(node) in SKIPS:
            yield f"{node.lineno} may be skipped; mark what only one database can show"
        if counts_absolutely(node, captured):
            yield f"{node.lineno} counts statements; compare one row with fifty"


def test_every_test_is_exact():
    found = {
        str(path.relative_to(ROOT)): [*inexact(path.read_text())]
        for path in sorted((ROOT / "tests").rglob("*.py"))
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_the_search_bites():
    capture = "with CaptureQueriesContext(c) as asked:\n    page()\n"
    for line in (
        "assert answer.status_code in (200, 302)",
        "assert 'a' in page or 'b' in page",
        "assert {1} <= found",
        "time.sleep(1)",
        "page.wait_for_timeout(400)",
        "began = time.monotonic()",
        "pytest.skip('today')",
        "with django_assert_num_queries(3): page()",
        f"{capture}assert len(asked) < 5",
    ):
        assert len([*inexact(line)]) == 1, line
    for line in (
        "assert answer.status_code == 302",
        "assert name in [row.name for row in rows]",
        "assert found - known == set()",
        "assert is_closed or due_on > today",
        "with django_assert_num_queries(len(one)): page()",
        f"{capture}assert len(asked) == 0",
    ):
        assert [*inexact(line)] == [], line
