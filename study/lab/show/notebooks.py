"""Write notebooks that run a finding at a small size, from its definition and box."""

import ast
import json
from collections.abc import Iterable, Mapping

from study.lab.declare.registry import Finding, LedgerRow
from study.lab.show.markdown import template

FOLDER = "notebooks"
# What a definition says of what is trained or simulated, and over what.
TOLD = "model", "optimizer", "vary", "run", "settings"
FORMAT = {
    "metadata": {
        "kernelspec": {
            "display_name": "Python 3",
            "language": "python",
            "name": "python3",
        },
        "language_info": {"name": "python"},
    },
    "nbformat": 4,
    "nbformat_minor": 5,
}
BREAK = "<!-- cell: "  # begins the line before a cell of the template


def render_notebooks(
    findings: Iterable[Finding], ledger: Mapping[str, LedgerRow]
) -> dict[str, bytes]:
    """Return a notebook for each finding whose box asks for one, without outputs.

    Args:
        findings: The findings.
        ledger: Claim's id to its row.
    """
    return {
        f"{FOLDER}/{finding.name}.ipynb": _notebook(finding, ledger)
        for finding in findings
        if finding.box and finding.box.notebook
    }


def _notebook(finding, ledger):
    text = template("notebook.md.j2").render(
        finding=finding,
        definition=finding.definition,
        box=finding.box,
        rows=[ledger[id] for id in finding.box.claims],
        source=excerpt(finding.path.read_text(encoding="utf-8")),
    )
    cells = [_cell(*each) for each in enumerate(text.split(BREAK)[1:], start=1)]
    return json.dumps({"cells": cells} | FORMAT, indent=1, ensure_ascii=False).encode()


def _cell(number, text):
    kind, _, body = text.partition(" -->\n")
    cell = {"cell_type": kind, "id": f"cell-{number}", "metadata": {}}
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell | {"source": body.strip().splitlines(keepends=True)}


def excerpt(source: str) -> str:
    """Return the statements of a definition's file that say what is run.

    Those that `EXPERIMENT` names as its model, optimizer, sweep, simulation or
    settings, and what these name in turn, in the order of the file.

    Example:

    >>> print(excerpt('''RATE = 0.1
    ... TITLE = "Runs"
    ... EXPERIMENT = Experiment(title=TITLE, vary={"rate": (RATE, 1.0)})'''))
    RATE = 0.1
    <BLANKLINE>
    <BLANKLINE>
    EXPERIMENT = Experiment(
        ...,
        vary={"rate": (RATE, 1.0)},
    )
    """
    tree = ast.parse(source)
    stated = {name: node for node in tree.body for name in _defines(node)}
    call = stated.pop("EXPERIMENT").value
    told = [each for each in call.keywords if each.arg in TOLD]
    left, found = [name for each in told for name in _names(each)], set()
    while left:
        node = stated.get(left.pop())
        if node is not None and node not in found:
            found.add(node)
            left += _names(node)
    parts = [
        ast.get_source_segment(source, each) for each in tree.body if each in found
    ]
    fields = "".join(f"    {ast.get_source_segment(source, each)},\n" for each in told)
    return "\n\n\n".join([*parts, f"EXPERIMENT = {call.func.id}(\n    ...,\n{fields})"])


def _defines(node):
    """Name what a statement defines, but for what it imports."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    return [
        each.id
        for target in targets
        for each in ast.walk(target)
        if isinstance(each, ast.Name)
    ]


def _names(node):
    return [each.id for each in ast.walk(node) if isinstance(each, ast.Name)]
