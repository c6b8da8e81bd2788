"""Every small change of a Python file: comparisons, signs, bounds, constants, refusals, branches."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt), ast.Eq: (ast.NotEq, ast.LtE, ast.GtE), ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
}  # fmt: skip
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div, ast.Div: ast.Mult, ast.FloorDiv: ast.Mult,
    ast.Pow: ast.Mult, ast.BitOr: ast.BitAnd, ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift,
}  # fmt: skip
_PAIRS = [
    ("min", "max"), ("any", "all"), ("lo", "hi"), ("ZERO", "ONE"), ("numerator", "denominator"),
    ("next_minus", "next_plus"),
]  # fmt: skip
_RENAMED = {x: y for pair in _PAIRS for x, y in (pair, pair[::-1])} | {
    "IGNORECASE": "NOFLAG", "ASCII": "UNICODE",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Change:
    """One change: the smallest top-level piece around it before and after, and a name for it."""

    name: str
    old: str
    new: str


def changes(source: str) -> list[Change]:
    """Return every change of a file, each named by where it is and what it does."""
    lines, seen, result = source.splitlines(keepends=True), Counter[str](), []
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def offset(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode())

    def span(node: ast.expr | ast.stmt) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return offset(node.lineno, node.col_offset), offset(node.end_lineno, node.end_col_offset)

    for place, top in _pieces(ast.parse(source)):
        first, last = span(top)
        for node, replacement in _replacements(top):
            begin, end = span(node)
            name = f"{place}: {' '.join(source[begin:end].split())[:90]} -> {replacement[:90]}"
            seen[name] += 1
            result.append(
                Change(
                    name if seen[name] == 1 else f"{name} #{seen[name]}",
                    source[first:last],
                    source[first:begin] + replacement + source[end:last],
                )
            )
    return result


def _pieces(tree: ast.Module) -> Iterator[tuple[str, ast.stmt]]:
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            yield from (
                (f"{node.name}.{part.name}", part) for part in node.body if isinstance(part, ast.FunctionDef)
            )
        elif isinstance(node, ast.FunctionDef):
            yield node.name, node
        elif isinstance(node, ast.Assign):
            yield ast.unparse(node.targets[0]), node


def _replacements(node: ast.AST) -> Iterator[tuple[ast.expr | ast.stmt, str]]:
    """Yield each node with what may stand in its place, depth first."""
    if isinstance(node, ast.JoinedStr | ast.arguments):
        return  # messages, and parts whose position Python 3.11 does not know
    if isinstance(node, ast.expr | ast.stmt):
        for variant in _variants(node):
            text = ast.unparse(variant)
            yield node, f"({text})" if isinstance(node, ast.expr) else text
    if isinstance(node, ast.If | ast.IfExp | ast.While):
        yield from ((node.test, str(truth)) for truth in (True, False))
    for child in _children(node):
        yield from _replacements(child)


def _children(node: ast.AST) -> Iterable[ast.AST]:
    match node:
        case ast.FunctionDef():
            return node.body
        case ast.Assign() | ast.AnnAssign():
            return [node.value] if node.value else []
        case ast.Raise() | ast.Expr(value=ast.Constant()):  # messages and docstrings
            return []
        case ast.Expr(value=ast.Call(args=[condition, *_])) if _is_refusal(node):
            return [condition]
    return ast.iter_child_nodes(node)


def _is_refusal(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and ast.unparse(node.value).startswith("_require(")


def _variants(node: ast.expr | ast.stmt) -> Iterator[ast.expr | ast.stmt]:
    """Yield what may stand in the place of one node, its children as they are."""
    match node:
        case ast.Compare():
            for k, op in enumerate(node.ops):
                for other in _COMPARED[type(op)][: 1 if _has_words(node) else None]:
                    variant = copy.deepcopy(node)
                    variant.ops[k] = other()
                    yield variant
        case ast.BoolOp():
            yield ast.BoolOp(ast.And() if isinstance(node.op, ast.Or) else ast.Or(), node.values)
            for k in range(len(node.values)):
                rest = node.values[:k] + node.values[k + 1 :]
                yield ast.BoolOp(node.op, rest) if len(rest) > 1 else rest[0]
        case ast.BinOp() if type(node.op) in _COMPUTED:
            yield ast.BinOp(node.left, _COMPUTED[type(node.op)](), node.right)
            yield node.left
            yield node.right
        case ast.UnaryOp():
            yield node.operand
        case ast.Constant(value=bool()):
            yield ast.Constant(not node.value)
        case ast.Constant(value=int()):
            yield from (ast.Constant(node.value + 1), ast.Constant(node.value - 1))
        case ast.Constant(value=str()) if node.value:
            yield ast.Constant("#" + node.value)
        case ast.Name(ctx=ast.Load()) if node.id in _RENAMED:
            yield ast.Name(_RENAMED[node.id])
        case ast.Attribute() if node.attr in _RENAMED:
            yield ast.Attribute(node.value, _RENAMED[node.attr])
        case ast.IfExp():
            yield from (node.body, node.orelse)
        case ast.Call(func=ast.Name(id="abs" | "max" | "min")):
            yield from node.args[:2] if not isinstance(node.args[0], ast.GeneratorExp) else ()
        case ast.GeneratorExp() | ast.ListComp() if node.generators[0].ifs:
            variant = copy.deepcopy(node)
            variant.generators[0].ifs = []
            yield variant
        case ast.Expr() if _is_refusal(node):
            yield ast.Pass()
        case ast.AugAssign() if type(node.op) in _COMPUTED:
            yield ast.AugAssign(node.target, _COMPUTED[type(node.op)](), node.value)
            yield ast.Assign([node.target], node.value, lineno=0)
        case ast.Continue():
            yield ast.Break()


def _has_words(node: ast.Compare) -> bool:
    """Whether words or tuples are compared, whose order means nothing."""
    operands = (node.left, *node.comparators)
    return any(isinstance(x, ast.Tuple) or isinstance(getattr(x, "value", None), str) for x in operands)
