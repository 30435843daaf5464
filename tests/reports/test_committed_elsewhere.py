"""What is told of findings on another data set is what their committed tables give."""

from pathlib import Path

import pytest

from study.lab.data.prepared import from_json
from study.lab.declare import elsewhere
from study.lab.declare.profiles import PROFILES
from study.lab.show import states
from study.lab.show.elsewhere import TABLES, render_elsewhere, tried, words
from study.lab.show.index import SET
from study.lab.train import provenance

ROOT = Path(__file__).parents[2]
EXPERIMENTS, REPORTS = ROOT / "experiments", ROOT / "reports"
LIMIT = 100_000  # bytes of a finding's tables

pytestmark = pytest.mark.skipif(
    not (REPORTS / SET).exists(), reason="no finding is committed on another data set"
)


@pytest.mark.slow
def test_the_committed_page_is_rendered_the_same_again(findings):
    there = words(REPORTS)
    rendered = render_elsewhere(findings.values(), EXPERIMENTS, REPORTS, there)
    for name, content in rendered.items():
        assert (REPORTS / name).read_bytes() == content, "run `make render`"


def test_no_finding_is_stale_on_the_other_data_set(findings):
    prepared = from_json((REPORTS / SET).read_text())
    for name in tried(EXPERIMENTS):
        moved = elsewhere.move(findings[name], prepared)
        said = states.say(moved, REPORTS / TABLES, PROFILES["standard"])
        assert said.state == states.UP_TO_DATE, f"{name}: run `make elsewhere`"


def test_none_would_be_refused_for_what_changed_after_its_results_were_seen(findings):
    prepared = from_json((REPORTS / SET).read_text())
    for name in tried(EXPERIMENTS):
        moved = elsewhere.move(findings[name], prepared)
        recorded = provenance.load(REPORTS / TABLES / name)
        assert provenance.seen(moved.definition, recorded) == "", name


def test_every_finding_of_the_list_was_tried_and_its_tables_are_small():
    folders = {
        each.name: each for each in (REPORTS / TABLES).iterdir() if each.is_dir()
    }
    assert {*folders} == {*tried(EXPERIMENTS)}
    for folder in folders.values():
        assert {each.name for each in folder.iterdir()} == {
            "results.csv",
            "provenance.json",
        }
        assert sum(each.stat().st_size for each in folder.iterdir()) < LIMIT
