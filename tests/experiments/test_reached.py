"""No code that makes a page's numbers changes unseen: two witnesses of its closure."""

import ast
import functools
import importlib
import re
from pathlib import Path

import pytest
from reached import by_closure, by_running

from study.lab.declare import registry
from study.lab.declare.closure import read
from study.lab.declare.profiles import PROFILES
from study.lab.train import provenance

ROOT = Path(__file__).parents[2]
NAMES = [path.stem for path in registry.paths(ROOT / "experiments")]
PACKAGES = (
    *("activations", "augmentation", "callbacks", "constraints", "gradients"),
    *("initializers", "layers", "losses", "optimizers", "pretraining", "probes"),
    *("regularizers", "schedules"),
)
STANDARD = PROFILES["standard"]
# One that is trained with masks and one that is not trained.
SAMPLE = ("dropout_on_few_images", "blocks_formulas")


@pytest.mark.parametrize(
    "name",
    [
        each if each in SAMPLE else pytest.param(each, marks=pytest.mark.slow)
        for each in NAMES
    ],
)
@pytest.mark.usefixtures("mnist_directory")
def test_all_that_a_draft_enters_lies_in_its_closure(findings, name):
    finding = findings[name]
    entered = by_running(finding)
    assert entered <= by_closure(finding.definition.at("smoke"))


@functools.cache
def uses():
    """Find each public component that a definition's code names, by reading its file.

    What only `about` names is told on the page and makes no number.
    """
    found = []
    for name in NAMES:
        text = (ROOT / "experiments" / f"{name}.py").read_text(encoding="utf-8")
        tree = ast.parse(text)
        imported, told = {}, set()
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom):
                place = (node.module or "").split(".")
                if place[0] == "study" and len(place) > 1 and place[1] in PACKAGES:
                    for each in node.names:
                        imported[each.asname or each.name] = node.module, each.name
            if isinstance(node, ast.keyword) and node.arg == "about":
                told |= {*ast.walk(node.value)}
        named = {
            node.id
            for node in ast.walk(tree)
            if isinstance(node, ast.Name) and node not in told
        }
        for word in sorted(named & {*imported}):
            found.append((name, *imported[word]))
    return found


def test_the_components_that_findings_use_are_found():
    found = uses()
    assert len(found) > 150
    assert ("dropout_on_few_images", "study.layers", "Dropout") in found
    assert len({name for name, *_ in found}) > 50


def mutated(component):
    """Return a reader of sources in which each function of a component is another."""
    home = component.__module__

    def source(module):
        text = read(module)
        if module != home:
            return text
        tree = ast.parse(text)
        (node,) = (
            each
            for each in tree.body
            if getattr(each, "name", None) == component.__name__
        )
        changed = [each for each in ast.walk(node) if isinstance(each, ast.FunctionDef)]
        for each in changed or [node]:
            each.body.append(ast.parse("assert True").body[0])
        return ast.unparse(tree)

    return source


def stale(finding, source=None):
    recorded = provenance.load(ROOT / "reports" / finding.name)
    return provenance.staleness(finding.definition, STANDARD, recorded, source)


@pytest.mark.parametrize(
    "name",
    [
        name if i % 8 == 0 else pytest.param(name, marks=pytest.mark.slow)
        for i, name in enumerate(NAMES)
    ],
)
def test_a_change_of_a_component_makes_the_pages_stale_that_use_it(findings, name):
    assert stale(findings[name]) == ""
    for _, module, word in (each for each in uses() if each[0] == name):
        component = getattr(importlib.import_module(module), word)
        # It is named where runs reach it, and what reads it off them where these do.
        assert stale(findings[name], mutated(component)), (name, word)


def takes_the_wide_base(name):
    """Say whether a definition has its network from where Dropout stands for many."""
    text = (ROOT / "experiments" / f"{name}.py").read_text(encoding="utf-8")
    return re.search(
        r"^from study\.lab\.declare(\.wide import| import wide)", text, re.M
    )


def test_a_dropout_that_never_drops_makes_every_page_stale_that_drops(findings):
    def source(module):
        text = read(module)
        if module == "study.layers.dropout":
            assert text.count(">= self.rate") == 1
            text = text.replace(">= self.rate", ">= 0.0")
        return text

    drop = {name for name, _, word in uses() if word == "Dropout"}
    drop |= {name for name in NAMES if takes_the_wide_base(name)}
    assert len(drop) > 15
    for name, finding in findings.items():
        named = stale(finding, source)
        assert ("Dropout" in named.split(", ")) == (name in drop), (name, named)


def test_a_page_s_tables_are_those_that_its_provenance_was_written_for(findings):
    for name in findings:
        folder = ROOT / "reports" / name
        recorded = provenance.load(folder)["tables"]
        assert {*recorded} == {path.name for path in folder.glob("*.csv")}, name
        for file, expected in recorded.items():
            found = provenance.digest_of((folder / file).read_bytes())
            assert found == expected, (name, file)
