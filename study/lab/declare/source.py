"""Read a module's source as units: what binds each top-level name, and what it uses."""

import ast
import functools
import itertools
import symtable
from dataclasses import dataclass, field

from study.lab.errors import DefinitionError

Imports = dict[str, list[tuple[str, str | None]]]


@dataclass(frozen=True)
class Source:
    """A module's text, and the package in which it stands."""

    text: str
    package: str


@dataclass(frozen=True)
class Unit:
    """The code that binds a name.

    Args:
        code: Its statements, without comments, docstrings and annotations.
        uses: The names from outside that it reads, with the attributes asked of them.
        texts: The text that it holds and that may name a registered object.
        imports: What it imports itself: name to the places it may stand for.
    """

    code: str
    uses: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    imports: Imports


@dataclass
class Module:
    """The statements and the imports of a module, by the names that they bind."""

    package: str
    statements: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imports: Imports = field(default_factory=dict)
    _units: dict[tuple, Unit] = field(default_factory=dict)

    def unit(self, name: str, inert: tuple[str, ...] = ()) -> Unit:
        """Return the code of a name, without parts and decorators named in `inert`."""
        key = name, inert
        if key not in self._units:
            self._units[key] = _unit(self.statements[name], inert, self.package)
        return self._units[key]


def bare(text: str) -> str:
    """Return a module's code without comments, docstrings and annotations."""
    return ast.unparse(_Bare().visit(ast.parse(text)))


@functools.cache
def parsed(source: Source) -> Module:
    """Take a module apart."""
    tree = _Bare().visit(ast.parse(source.text))
    module = Module(source.package)
    for node in tree.body:
        _add_imports(node, source.package, module.imports)
        for name in _bound(node):
            module.statements.setdefault(name, []).append(node)
    # What is called for its effect belongs to all that it names.
    for node in tree.body:
        if isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant):
            for name in {each.id for each in _names(node)} & {*module.statements}:
                module.statements[name].append(node)
    return module


class _Bare(ast.NodeTransformer):
    """Drop docstrings and the annotations of arguments."""

    def visit(self, node):
        # Most of a tree is expressions, and these have neither.
        return node if isinstance(node, ast.expr) else super().visit(node)

    def _bare(self, node):
        self.generic_visit(node)
        first, *others = node.body
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
            node.body = others or [ast.Pass()]
        return node

    visit_Module = visit_ClassDef = _bare

    def visit_FunctionDef(self, node):
        node.returns = None
        return self._bare(node)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_arg(self, node):
        node.annotation = None
        return node


def _unit(statements, inert, package):
    statements = [_without(each, inert) for each in statements]
    code = "\n".join(map(ast.unparse, statements))  # the same on every Python
    imports: Imports = {}
    chains, texts, inner = set(), set(), set()
    for each in itertools.chain.from_iterable(map(ast.walk, statements)):
        if isinstance(each, ast.Import | ast.ImportFrom):
            _add_imports(each, package, imports)
        elif isinstance(each, ast.Attribute) and each not in inner:
            chain = _chain(each)
            chains.add(chain)
            inner.update(ast.walk(each) if chain else ())
        elif isinstance(each, ast.Name) and each not in inner:
            chains.add((each.id,))
        elif isinstance(each, ast.Constant) and isinstance(each.value, str):
            texts.add(each.value)
    outside = _outside(symtable.symtable(code, "unit", "exec")) | {*imports}
    uses = sorted(each for each in chains if each and each[0] in outside)
    kept = sorted(each for each in texts if ">" in each)
    return Unit(code, tuple(uses), tuple(kept), imports)


def _without(node, inert):
    """Leave parts of a class, or decorators of a function, named in `inert` out."""
    if isinstance(node, ast.ClassDef):
        body = [each for each in node.body if not {*_bound(each)} & {*inert}]
        changed = {"body": body or [ast.Pass()]}
    elif isinstance(node, ast.FunctionDef):
        kept = [each for each in node.decorator_list if not {*_chain(each)} & {*inert}]
        changed = {"decorator_list": kept}
    else:
        return node
    fields = {name: getattr(node, name) for name in node._fields}
    return ast.copy_location(type(node)(**fields | changed), node)


def _outside(table):
    """Name what a scope and those within it read from the module's scope."""
    top = table.get_type() == "module"
    found = {
        each.get_name()
        for each in table.get_symbols()
        if each.is_referenced() and (top or each.is_global())
    }
    return found.union(*map(_outside, table.get_children()))


def _chain(node):
    """Return the names of `a.b.c`, or none where it does not begin with a name."""
    attributes = []
    while isinstance(node, ast.Attribute):
        attributes.append(node.attr)
        node = node.value
    return (node.id, *reversed(attributes)) if isinstance(node, ast.Name) else ()


def _bound(node):
    """List the names that a statement binds, or changes what they stand for."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return [each for target in targets for each in _targets(target)]
    if isinstance(node, ast.Import | ast.ImportFrom | ast.Expr):
        return []
    inner = [
        each
        for field in ("body", "orelse", "finalbody", "handlers")
        for each in getattr(node, field, ())
    ]
    loops = _targets(node.target) if isinstance(node, ast.For) else []
    return [*loops, *dict.fromkeys(name for each in inner for name in _bound(each))]


def _targets(node):
    if isinstance(node, ast.Attribute | ast.Subscript | ast.Starred):
        return _targets(node.value)
    if isinstance(node, ast.Tuple | ast.List):
        return [name for each in node.elts for name in _targets(each)]
    return [node.id] if isinstance(node, ast.Name) else []


def _names(node):
    return (each for each in ast.walk(node) if isinstance(each, ast.Name))


def _add_imports(node, package, imports):
    """Add what an import statement, or those in a compound one, bind."""
    if isinstance(node, ast.Import):
        for each in node.names:
            name = each.asname or each.name.partition(".")[0]
            place = each.name if each.asname else name
            imports.setdefault(name, []).append((place, None))
    elif isinstance(node, ast.ImportFrom):
        source = node.module or ""
        if node.level:
            parents = package.split(".")[: len(package.split(".")) - node.level + 1]
            source = ".".join([*parents, source]).rstrip(".")
        for each in node.names:
            if each.name == "*":
                if source.partition(".")[0] == "study":
                    raise DefinitionError(
                        "closure: expected imports that name what they bind. "
                        f"Received: from {source} import *"
                    )
                continue
            bound = each.asname or each.name
            imports.setdefault(bound, []).append((source, each.name))
    elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        for each in ast.iter_child_nodes(node):
            if isinstance(each, ast.stmt | ast.ExceptHandler):
                _add_imports(each, package, imports)
