"""A page: a pure function of its tables, with everything a reader must know."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from markdown_it import MarkdownIt

from study.initializers import He
from study.lab.declare.profiles import PROFILES
from study.lab.declare.registry import Finding
from study.lab.declare.scale import Size
from study.lab.errors import StudyError
from study.lab.figures import Curves, Table
from study.lab.show import drawing
from study.lab.show.book import Book
from study.lab.show.handed import handed
from study.lab.show.page import load_page, render_page
from study.lab.train import tabulate

ROOT = Path(__file__).parents[3]

ORDER = (
    "# Depth",
    "**Depth beats width",
    "## Verdicts",
    "<img",
    "## Numbers",
    "## Our number beside the source's",
    "## What looks wrong in the lecture",
    "## How it was decided",
    "## Had it been decided otherwise",
    "## What was varied, tuned and fixed",
    "make report NAME=depth",
)


def text(page, ledger, **options):
    """Return the page's text; its figures are not drawn, which takes its time."""
    definition = replace(page.definition, figures=())
    bare = replace(page, definition=definition)
    return render_page(bare, Book(ledger), **options)["README.md"].decode()


def rendered(page, ledger):
    return render_page(page, Book(ledger))


@pytest.fixture(scope="module")
def kept():
    return {}


@pytest.fixture
def files(page, ledger, kept):
    """Return the page's files, which are drawn for one test alone."""
    if not kept:
        kept.update(rendered(page, ledger))
    return kept


def save(page, folder):
    """Write a page's tables as the runner does."""
    for name in ("table", "curves", "outputs"):
        table = getattr(page, name)
        if table is not None:
            file = "results" if name == "table" else name
            table.to_csv(folder / f"{file}.csv", index=False)
    (folder / "provenance.json").write_text(json.dumps(dict(page.provenance)))


def load(page, folder):
    finding = Finding(page.name, page.path, page.docstring, page.definition)
    return load_page(finding, folder, page.profile)


def test_the_same_tables_give_the_same_bytes(page, ledger, files):
    assert rendered(page, ledger) == files


def test_a_page_is_read_from_the_top(files):
    found = files["README.md"].decode()
    places = [found.index(each) for each in ORDER]
    assert places == sorted(places)


def test_every_figure_stands_on_the_page_with_its_words(page, files):
    for figure in page.definition.figures:
        assert figure.file in files
        assert f'<img src="{figure.file}" alt="' in files["README.md"].decode()


def test_a_loaded_page_is_the_page_that_was_saved(page, ledger, files, tmp_path):
    save(page, tmp_path)
    loaded = load(page, tmp_path)
    pd.testing.assert_frame_equal(loaded.table, page.table, check_dtype=False)
    assert rendered(replace(loaded, folder=page.folder), ledger) == files


def test_labels_come_back_as_the_definition_has_them(page, declare, tmp_path):
    labels = ("None", "1", "NA", 0.1, True)
    definition = declare.experiment(
        claims=(), anchors=(), vary={"depth": labels, "start": (1e-5, 10.0)}
    )
    cells = [(depth, start) for depth in labels for start in (1e-5, 10.0)]
    table = pd.DataFrame(cells, columns=["depth", "start"], dtype=object)
    table["replicate"] = 0
    save(replace(page, definition=definition, table=table, curves=None), tmp_path)
    loaded = load(replace(page, definition=definition), tmp_path).table
    assert list(loaded["start"]) == [start for _, start in cells]
    assert list(loaded["depth"]) == [depth for depth, _ in cells]


@pytest.mark.parametrize("measure", ["solved", "first_step_solved", "test_error"])
def test_a_value_of_the_table_changes_the_page(page, ledger, measure):
    table = page.table.copy()
    table[measure] = np.where(table["depth"] == 3, 0.0, table[measure])
    assert text(replace(page, table=table), ledger) != text(page, ledger)


def test_a_diverged_run_is_shown_with_its_step(page, ledger):
    table = page.table.copy()
    table.loc[0, "diverged"] = 77
    found = text(replace(page, table=table), ledger)
    assert "| 1 | a\\|b | 0 | 77 |" in found
    assert "1 diverged" in found
    assert "at step" not in text(page, ledger)


def test_a_stale_page_says_so_on_itself(page, ledger):
    found = text(page, ledger, stale="steps")
    assert "stale" in found
    assert "has changed: steps." in found
    assert "stale" not in text(page, ledger)


def test_failed_programs_are_told(page, ledger):
    provenance = {**page.provenance, "failed": ["3, replicates 0 to 4: killed"]}
    table = page.table[page.table["depth"] != 3]
    curves = page.curves[page.curves["depth"] != 3]
    found = text(
        replace(page, provenance=provenance, table=table, curves=curves), ledger
    )
    assert "3, replicates 0 to 4: killed" in found
    assert "no runs" in found
    assert "unresolved" in found


def test_every_erratum_of_a_page_s_claims_stands_there_whatever_their_words(
    page, ledger
):
    told = text(page, ledger).split("## What looks wrong in the lecture")[1]
    assert (
        "| E1 | error | 9 | deep nets are slower | they are faster | [t-03](#t-03), "
        "contradicted |"
    ) in told
    assert (
        "| E2 | no error | 11 | it is three | it is two | [t-01](#t-01), reproduced; "
        "t-05 |"
    ) in told
    bare = {id: replace(row, errata=()) for id, row in ledger.items()}
    assert "What looks wrong" not in text(page, bare)


def test_a_page_tells_the_level_of_each_word(page, ledger):
    told = text(page, ledger)
    assert "| does not hold: [**contradicted**](#how-it-was-decided)" in told
    assert "| holds: [**cited**](#how-it-was-decided)" in told


def test_a_page_tells_on_what_a_claim_depends_and_how_its_rules_decide(
    page, depending, ledger
):
    told = text(depending, ledger)
    assert "| [**depends**](#how-it-was-decided)<br>at depth 3, not at 1" in told
    assert "Raises and Lowers: reproduced if the effect reaches the margin" in told
    assert "(C1) deep nets learn: " in told
    assert "a factor of 1.1 (10,000 test images leave about a tenth" in told
    assert "Raises and Lowers" not in text(page, ledger)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        (0, "no rule or setting changed together with a result: ["),
        (1, "and results with them, on 1 day: ["),
        (3, "and results with them, on 3 days: ["),
    ],
)
def test_a_page_tells_how_often_it_changed_where_that_is_kept(
    page, ledger, changed, words
):
    assert words in text(replace(page, changed=changed), ledger)
    assert "history.csv" not in text(page, ledger)


def test_a_page_that_changed_tells_whether_its_seeds_came_later(
    page, simulated, ledger
):
    changed = replace(page, changed=1)
    assert "Its seeds are those of before the last change." in text(changed, ledger)
    later = replace(page.definition, first_replicate=1_030)
    told = text(replace(changed, definition=later), ledger)
    assert "later than the last change: replicates from 1,030 on." in told
    assert "It draws no random" in text(replace(simulated, changed=1), ledger)
    assert "seeds are" not in text(replace(page, changed=0), ledger)


def test_a_page_of_facts_tells_by_which_policy_they_are_judged(page, simulated, ledger):
    policy = "Of two fair readings both are judged"
    assert policy in text(simulated, ledger)
    alone = replace(page.definition, claims=page.definition.claims[:1])
    assert policy not in text(replace(page, definition=alone), ledger)


def test_a_page_tells_what_is_scaled_down_by_its_sizes(page, ledger):
    first, *others = page.definition.claims
    sized = replace(first, source_size=Size(examples=60_000))
    definition = replace(page.definition, claims=(sized, *others))
    told = text(replace(page, definition=definition), ledger)
    assert "Scaled down: 1,000 of 60,000 examples." in told
    assert "**reproduced at this scale**" in told


def test_what_differs_stands_with_how_it_is_in_the_source_and_how_here(
    page, declare, ledger
):
    definition = declare.experiment(differences={"images": ("60,000", "500")})
    found = text(replace(page, definition=definition), ledger)
    assert (
        "| what | source | here |\n| --- | --- | --- |\n| images | 60,000 | 500 |"
        in (found)
    )


def test_sections_without_content_are_left_out(page, declare, ledger):
    definition = declare.experiment(claims=(), anchors=(), differences={})
    found = text(replace(page, definition=definition), ledger)
    for heading in ("Verdicts", "source's", "gets wrong", "decided", "differs"):
        assert heading not in found


def test_a_simulation_shows_its_declared_tables(simulated, ledger):
    found = text(simulated, ledger)
    assert "| what |\n| --- |\n| sum |\n| half |" in found
    assert "[**refuted**]" in found


def test_no_text_breaks_a_table(page, simulated, ledger):
    for each in (page, simulated):
        tokens = MarkdownIt().enable("table").parse(text(each, ledger))
        rows, counts = [], []
        for token in tokens:
            if token.type == "tr_open":
                rows.append(0)
            elif token.type in ("td_open", "th_open"):
                rows[-1] += 1
            elif token.type == "table_close":
                counts.append(set(rows))
                rows = []
        assert counts
        assert all(len(each) == 1 for each in counts)


def test_no_line_outside_of_code_and_tables_has_a_pipe(page, ledger):
    lines = text(page, ledger).splitlines()
    loose = [
        each for each in lines if "|" in each.replace("\\|", "") and each[0] != "|"
    ]
    assert [each for each in loose if not each.startswith("<img")] == []


def test_a_smoke_page_says_that_nothing_is_judged(page, ledger):
    found = text(replace(page, profile=PROFILES["smoke"]), ledger)
    assert "Nothing is judged" in found
    assert "make report NAME=depth PROFILE=smoke" in found


def test_links_lead_from_the_page_to_the_definition_and_the_components(page, ledger):
    definition = replace(page.definition, about=(He,))
    for folder, up in (("reports/depth", "../.."), ("build/smoke/x", "../../..")):
        moved = replace(page, definition=definition, folder=ROOT / folder)
        found = text(moved, ledger)
        assert f"[depth.py]({up}/experiments/depth.py)" in found
        assert f"[`He`]({up}/study/initializers.py)" in found
    own = text(replace(moved, path=ROOT.parent / "mine" / "my_claim.py"), ledger)
    assert "[my_claim.py](../../../../mine/my_claim.py)" in own


def test_a_measure_missing_from_the_table_is_named(page, ledger):
    broken = replace(page, table=page.table.drop(columns="test_error"))
    with pytest.raises(StudyError, match=r"depth: results\.csv.*no 'test_error'"):
        rendered(broken, ledger)


def test_a_figure_without_its_table_is_told_with_the_file(page, ledger):
    with pytest.raises(StudyError, match=r"depth: figures\[Curves\] draws curves.csv"):
        render_page(replace(page, curves=None), ledger)


def test_two_figures_of_one_name_are_refused(page, declare, ledger):
    definition = declare.experiment(figures=(Curves(), Curves(panels="depth")))
    with pytest.raises(
        StudyError, match=r"depth: figures: .*same name.*curves, curves"
    ):
        rendered(replace(page, definition=definition), ledger)


@pytest.fixture
def several(simulated):
    """The page of a simulation with two tables, of which its figure shows one."""
    definition = simulated.definition
    rule = replace(definition.claims[0].verdict, table="sums")
    return replace(
        simulated,
        definition=replace(
            definition,
            claims=(replace(definition.claims[0], verdict=rule),),
            figures=(replace(definition.figures[0], table="sums"),),
            tables=(
                replace(definition.tables[0], table="sums"),
                Table("Ends", table="ends"),
            ),
        ),
        table={"sums": simulated.table, "ends": pd.DataFrame({"end": ["here"] * 3})},
    )


def test_a_page_of_several_tables_links_all_and_reads_each_where_it_is_named(
    several, simulated, ledger
):
    told = text(several, ledger)
    assert "All runs stand in [sums.csv](sums.csv) and [ends.csv](ends.csv)." in told
    assert told.count("| here |") == 3
    assert "in `sums`" in told
    assert several.rows == len(simulated.table) + 3
    (judged,), (alone,) = several.judged, simulated.judged
    assert replace(judged[1], rule=None) == replace(alone[1], rule=None)


def test_a_figure_is_drawn_of_its_own_table_alone(several, simulated):
    (figure,) = several.definition.figures
    seen = handed(several, figure)
    assert seen.table is simulated.table
    assert figure.name == "deviations-deviation-sums"
    other = replace(several, table={**several.table, "ends": simulated.table})
    folder = several.folder
    drawn = drawing.drawn(figure, seen, folder)
    assert drawn == drawing.drawn(figure, handed(other, figure), folder)
    assert figure.alt(seen) == several.figures[0][2]


def test_a_page_of_several_tables_comes_back_as_it_was_saved(several, ledger, tmp_path):
    tabulate.save(tmp_path, several.table, several.provenance)
    loaded = load(several, tmp_path)
    assert [*loaded.table] == ["sums", "ends"]
    for name, table in several.table.items():
        pd.testing.assert_frame_equal(loaded.table[name], table)
    expected = text(replace(several, folder=tmp_path), ledger)
    assert text(replace(loaded, provenance=several.provenance), ledger) == expected


def test_a_table_that_is_read_and_not_there_is_told(several, ledger):
    broken = replace(several, table={"sums": several.table["sums"]})
    with pytest.raises(StudyError, match=r"no table that is read by tables.*no ends"):
        text(broken, ledger)
