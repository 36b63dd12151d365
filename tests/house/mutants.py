"""The mutants of the law floor: where its code is changed, and into what.

A site is one of these in `src/qor/law`, outside annotations and decorators; each gives one mutant:
a comparison (an ordered one gains or loses its border: `<` and `<=`, `>` and `>=`, so a day in time
becomes one too late; others are turned round), an operator of arithmetic or of sets, `and`, `or`,
`not`, a minus sign, `min`, `max`, a bare condition, a number (one more), True and False, and the
step of a Decimal written as text (ten times).
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

LAW = Path(__file__).resolve().parents[2] / "src" / "qor" / "law"
_UNSEEN = {"annotation", "returns", "decorator_list"}

_TURNED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}


Way = tuple[tuple[str, int], ...]
Key = tuple[str, str, str, str, int]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed place: file below `src/qor/law`, function (or class; "" outside one), the lines of
    its body (none for what runs while the module is read), the line of the place, the expression
    before and after, its number among those that read alike, and what is put where."""

    file: str
    function: str
    lines: range
    line: int
    before: str
    after: str
    nth: int
    way: Way
    new: ast.AST

    @property
    def key(self) -> Key:
        """What it is called in the list of equivalents."""
        return self.file, self.function, self.before, self.after, self.nth

    def module(self) -> ast.Module:
        """The whole module, changed."""
        tree = ast.parse((LAW / self.file).read_text("utf-8"))
        _put(tree, self.way, self.new)
        return ast.fix_missing_locations(tree)


def mutants() -> list[Mutant]:
    """The mutants of all sites, in the order of files and places."""
    paths = sorted(LAW.rglob("*.py"))
    return [mutant for path in paths for mutant in _of_file(path)]


def _of_file(path: Path) -> Iterator[Mutant]:
    tree = ast.parse(path.read_text("utf-8"))
    names: Counter[tuple[str, ...]] = Counter()
    for way in _ways(tree):
        nodes = [tree, *(_at(tree, way[: n + 1]) for n in range(len(way)))]
        for new in _changed(nodes[-1], nodes[-2]):
            before, after = _words(tree, nodes, way, new)
            named = [node for node in nodes if isinstance(node, ast.FunctionDef | ast.ClassDef)]
            function = ".".join(node.name for node in named)
            names[function, before, after] += 1
            yield Mutant(
                path.relative_to(LAW).as_posix(),
                function,
                _body(nodes),
                nodes[-1].lineno,
                before,
                after,
                names[function, before, after],
                way,
                new,
            )


def _words(tree: ast.Module, nodes: list[Any], way: Way, new: ast.AST) -> tuple[str, str]:
    """The nearest expression that tells a place from others, before and after."""
    shown = next(node for node in reversed(nodes) if _tells(node))
    before = _shown(shown)
    _put(tree, way, new)
    after = _shown(new if shown is nodes[-1] else shown)
    _put(tree, way, nodes[-1])
    return before, after


def _body(nodes: list[Any]) -> range:
    """The lines of the function around the last node, if it stands in its body."""
    outer = next((node for node in nodes if isinstance(node, ast.FunctionDef)), None)
    if outer is None or nodes[-1].lineno < outer.body[0].lineno:
        return range(0)
    return range(outer.body[0].lineno, (outer.end_lineno or 0) + 1)


def _ways(node: ast.AST) -> Iterator[Way]:
    """The ways from a tree's root to each of its nodes but annotations and decorators: names of
    fields with places in them (-1: the field is no list)."""
    for name, value in ast.iter_fields(node):
        if name in _UNSEEN:
            continue
        below = enumerate(value) if isinstance(value, list) else [(-1, value)]
        for place, each in below:
            if isinstance(each, ast.AST):
                yield ((name, place),)
                yield from (((name, place), *rest) for rest in _ways(each))


def _at(tree: ast.AST, way: Way) -> Any:
    node: Any = tree
    for name, place in way:
        node = getattr(node, name) if place < 0 else getattr(node, name)[place]
    return node


def _put(tree: ast.AST, way: Way, new: ast.AST) -> None:
    parent, (name, place) = _at(tree, way[:-1]), way[-1]
    if place < 0:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[place] = new


def _tells(node: ast.AST) -> bool:
    """Whether a node says enough to be found again: a number or a name alone does not."""
    bare = ast.Constant | ast.Name | ast.Slice | ast.UnaryOp
    return isinstance(node, ast.expr | ast.stmt) and not isinstance(node, bare)


def _shown(node: ast.AST) -> str:
    """A node as text; of a statement with a body its head."""
    match node:
        case ast.If(test=test) | ast.While(test=test):
            return f"{type(node).__name__.lower()} {ast.unparse(test)}"
        case ast.FunctionDef(args=args):
            return ast.unparse(args)
        case ast.For(target=target, iter=of):
            return f"for {ast.unparse(target)} in {ast.unparse(of)}"
    return ast.unparse(node)


def _changed(node: ast.AST, parent: ast.AST) -> Iterator[ast.AST]:
    """What stands in a node's place in its mutants."""
    match node:
        case ast.Compare():
            for n, operator in enumerate(node.ops):
                new = copy.deepcopy(node)
                new.ops[n] = _TURNED[type(operator)]()  # type: ignore[call-overload]
                yield new
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.BoolOp(op=op) if type(op) in _TURNED:
            turned = copy.deepcopy(node)
            turned.op = _TURNED[type(op)]()  # type: ignore[assignment]
            yield turned
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand
        case ast.Constant(value=bool(truth)):
            yield ast.copy_location(ast.Constant(not truth), node)
        case ast.Constant(value=int(number)):
            yield ast.copy_location(ast.Constant(number + 1), node)
        case ast.Constant(value=str(text)) if _is_decimal(parent):
            yield ast.copy_location(ast.Constant(str(Decimal(text).scaleb(1))), node)
        case ast.Name(id="min" | "max" as name) if isinstance(parent, ast.Call):
            yield ast.copy_location(ast.Name({"min": "max", "max": "min"}[name], node.ctx), node)
    if _bare_condition(node, parent):
        denied = ast.UnaryOp(ast.Not(), copy.deepcopy(node))  # type: ignore[arg-type]
        yield ast.copy_location(denied, node)


def _is_decimal(parent: ast.AST) -> bool:
    return isinstance(parent, ast.Call) and ast.unparse(parent.func) == "Decimal"


def _bare_condition(node: ast.AST, parent: ast.AST) -> bool:
    """A condition without an operator: its truth alone decides."""
    plain = isinstance(node, ast.Name | ast.Attribute | ast.Call | ast.Subscript)
    return plain and (
        node is getattr(parent, "test", None)
        or any(node is each for each in getattr(parent, "ifs", ()))
    )
