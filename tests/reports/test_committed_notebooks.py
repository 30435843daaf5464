"""The committed notebooks are those that definitions and boxes give, byte for byte."""

from pathlib import Path

from study.lab.declare import registry
from study.lab.show.notebooks import FOLDER, render_notebooks

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "reports"
COUNT, LIMIT = 10, 20_000  # bytes of one


def test_they_are_written_the_same_again_and_small(findings):
    ledger = registry.ledger(ROOT / "experiments")
    found = render_notebooks(findings.values(), ledger)
    assert len(found) == COUNT
    there = {f"{FOLDER}/{each.name}" for each in (REPORTS / FOLDER).glob("*")}
    assert there == {*found}, "run `make notebooks`"
    for name, content in found.items():
        assert (REPORTS / name).read_bytes() == content, f"{name}: run `make notebooks`"
        assert len(content) < LIMIT
