"""Compare what two texts of a definition declare, but for what they show."""

import ast
import functools

# Of a definition these only show what was found; errata stood in it once.
SHOWN = (
    *("title", "takeaway", "figures", "tables", "anchors", "errata", "differences"),
    "smoke",
)


@functools.cache
def declared(source: str) -> str:
    """Return the code of a definition's rules and settings, in one form.

    It is that of `EXPERIMENT` without what only shows, and of all names of the file
    that it reaches. Comments, docstrings, imports and the order of statements are none
    of it.
    """
    tree = ast.parse(source)
    statements = {name: each for each in tree.body for name in _binds(each)}
    if "EXPERIMENT" not in statements:
        return ""
    found, wanted = {}, ["EXPERIMENT"]
    while wanted:
        name = wanted.pop()
        if name in found or name not in statements:
            continue
        statement = _Plain().visit(statements[name])
        found[name] = ast.dump(statement)
        wanted += [x.id for x in ast.walk(statement) if isinstance(x, ast.Name)]
    return "\n".join(found[name] for name in sorted(found))


def _binds(statement):
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return [statement.name]
    if isinstance(statement, ast.Assign | ast.AnnAssign):
        names = (each for each in ast.walk(statement) if isinstance(each, ast.Name))
        return [each.id for each in names if isinstance(each.ctx, ast.Store)]
    return []


class _Plain(ast.NodeTransformer):
    """Leave out docstrings, and what a definition only shows."""

    def visit_Call(self, node):
        if ast.unparse(node.func) in ("Experiment", "Simulation", "Facts"):
            node.keywords = [each for each in node.keywords if each.arg not in SHOWN]
        return self.generic_visit(node)

    def visit_Expr(self, node):
        text = isinstance(node.value, ast.Constant) and isinstance(
            node.value.value, str
        )
        return ast.Pass() if text else self.generic_visit(node)
