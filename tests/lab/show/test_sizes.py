"""Sizes: the largest that was run to its end judges, and pages show both."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from answers import workers
from ran_once import run_in
from tiny_facts import FILE

from study.lab.declare import profiles, registry
from study.lab.execute import supervisor
from study.lab.execute.command import main
from study.lab.show import catalog, sizes

SIZED = (
    FILE.replace("d1-01", "d1-02")
    .replace("def run():", "def run(gap):")
    .replace("[0.0, 0.25]", "[0.0, gap]")
    .replace("    run=run,\n", '    run=run,\n    settings={"gap": 0.25},\n')
    .replace("\n)\n", '\n    paper={"settings": {"gap": 0.75}},\n)\n')
)
STANDARD = Path("reports", "sized", "README.md")
PAPER = Path("reports", "paper", "sized")
COUNT = "Larger runs (`PROFILE=paper`) judge {} of the 1 claims whose"


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return a folder of two findings, one with two sizes, of which one was run."""
    return run_in(tmp_path_factory.mktemp("sizes"), facts=FILE, sized=SIZED)


@pytest.fixture
def run(ran, tmp_path, monkeypatch):
    """Return what runs commands in a folder like that."""
    shutil.copytree(ran, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(supervisor, "Workers", workers)

    def run(*words):
        assert main(["run", *words]) == 0

    return run


def verdict():
    with Path("reports", "claims.csv").open(newline="") as file:
        (row,) = (each for each in csv.DictReader(file) if each["id"] == "d1-02")
    return row["verdict"], row["profile"], row["experiment"]


def files(folder="reports"):
    found = (each for each in Path(folder).rglob("*") if each.is_file())
    return {str(each): each.read_bytes() for each in found}


def test_without_larger_runs_a_page_is_what_it_was_and_the_count_is_0(run):
    assert "arger runs" not in STANDARD.read_text()
    assert verdict() == ("exact", "standard", "sized")
    for overview in ("README.md", "reports/README.md"):
        assert COUNT.format(0) in Path(overview).read_text()


def test_the_word_is_that_of_the_largest_size_and_the_page_shows_both(run, capsys):
    run("--profile", "paper")
    said = capsys.readouterr().out
    assert "paper: 1 findings declare no size of their own for it" in said
    assert verdict() == ("refuted", "paper", "sized")
    text = STANDARD.read_text()
    assert "**d1-02** A claim of the lecture d1-02.<br>" in text
    assert "[**refuted**](#how-it-was-decided)" in text
    section = text.partition("## In larger runs")[2].partition("\n## ")[0]
    assert "| [d1-02](#d1-02) | exact: deviation 0.25, tolerance 0.5 " in section
    assert "| refuted: deviation 0.75, tolerance 0.5 |" in section
    assert (
        "They differ: d1-02 is *exact* in smaller runs and *refuted* in larger ones."
        in section
    )
    assert "| `gap` | 0.25 | 0.75 |" in section
    assert "[figures and numbers](../paper/sized/README.md)" in section
    assert (STANDARD.parent / "../paper/sized/README.md").is_file()
    for overview in ("README.md", "reports/README.md"):
        told = Path(overview).read_text()
        assert COUNT.format(1) in told
        assert "/README.md#d1-02) is *refuted*, in smaller runs *exact*." in told
    assert "[refuted](sized/README.md#d1-02)" in Path("reports/README.md").read_text()
    told = catalog.findings(Path("experiments"), Path("reports"))
    assert told["sized"].verdicts == "1 refuted"


def test_where_both_sizes_agree_the_page_says_so(run):
    path = Path("experiments", "sized.py")
    path.write_text(SIZED.replace('{"gap": 0.75}', '{"gap": 0.35}'))
    run("--profile", "paper")
    assert "They agree: every word is the same at both sizes." in STANDARD.read_text()
    assert verdict() == ("exact", "paper", "sized")


def test_both_folders_are_rendered_to_the_same_bytes_again(run):
    run("--profile", "paper")
    before = files()
    assert main(["render"]) == main(["render", "--profile", "paper"]) == 0
    assert files() == before


def test_larger_runs_have_pages_and_no_overviews_of_their_own(run, capsys):
    run("--profile", "paper")
    assert "reports/README.md: done in" in capsys.readouterr().out
    assert main(["render", "--profile", "paper"]) == 0
    assert [each.name for each in PAPER.parent.iterdir()] == ["sized"]


def test_every_link_of_a_page_of_larger_runs_leads_to_a_file(run):
    erratum = "E01,d1-02,notation,Appendix,That,This"
    register = Path("experiments", "errata.csv")
    register.write_text(f"id,claims,status,where,says,right\n{erratum}\n")
    run("--profile", "paper")
    text = (PAPER / "README.md").read_text()
    links = {*re.findall(r"\]\(([^)#]+)", text)}
    assert {"../../README.md", "../../sized/README.md"} <= links
    assert [each for each in links if not (PAPER / each).is_file()] == []
    assert "those of the standard size" not in STANDARD.read_text()


def test_a_draft_has_overviews_of_its_own(run):
    run("--profile", "smoke")
    drafts = Path("build", "smoke")
    assert (drafts / "README.md").is_file()
    assert (drafts / "index.html").is_file()
    draft = (drafts / "sized" / "README.md").read_text()
    assert "those of the standard size" not in draft


def damage_table():
    (PAPER / "results.csv").write_text("gap\n0.25\n")


def lose_table():
    (PAPER / "results.csv").unlink()


def break_record():
    (PAPER / "provenance.json").write_text("{")


def empty_record():
    (PAPER / "provenance.json").write_text("{}")


def fail():
    path = PAPER / "provenance.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"failed": ["one"]}))


def change_size():
    path = Path("experiments", "sized.py")
    path.write_text(SIZED.replace('{"gap": 0.75}', '{"gap": 0.85}'))


def drop_size():
    path = Path("experiments", "sized.py")
    path.write_text(SIZED.replace('paper={"settings": {"gap": 0.75}}', "paper={}"))


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (damage_table, "results.csv is not what was recorded"),
        (lose_table, "results.csv is not what was recorded"),
        (break_record, "provenance.json cannot be read: Expecting property name"),
        (empty_record, "provenance.json cannot be read: 'tables'"),
        (fail, "programs failed: 1"),
        (change_size, "stale: changed since it ran: "),
        (drop_size, "no such size is declared"),
    ],
)
def test_larger_runs_that_are_not_whole_judge_nothing_and_a_line_says_why(
    run, capsys, change, why
):
    before = {**files("reports/sized"), **files("reports/facts")}
    run("--profile", "paper")
    change()
    capsys.readouterr()
    assert main(["render"]) == 0
    told = capsys.readouterr().out.splitlines()
    (said,) = (each for each in told if each.startswith(f"{PAPER}: judges nothing: "))
    assert why in said
    assert verdict() == ("exact", "standard", "sized")
    assert {**files("reports/sized"), **files("reports/facts")} == before


def test_a_page_that_was_not_asked_for_says_by_which_runs_it_is_judged(run):
    standard = STANDARD.read_bytes()
    run("--profile", "paper")
    both = STANDARD.read_bytes()
    shutil.move(PAPER, "elsewhere")
    run("facts")
    assert STANDARD.read_bytes() == standard
    shutil.move("elsewhere", PAPER)
    run("facts")
    assert STANDARD.read_bytes() == both


def test_a_finding_without_a_size_of_its_own_is_refused_in_a_line(run, capsys):
    assert main(["run", "facts", "--profile", "paper"]) == 1
    assert capsys.readouterr().err == (
        "study: --profile: expected a finding that declares a size for paper. "
        "Received: facts, of which the standard page has the only size\n"
    )


def test_check_tells_of_findings_with_that_size_alone(run, capsys):
    capsys.readouterr()
    assert main(["check", "--profile", "paper"]) == 1
    assert capsys.readouterr().out == "sized: not run yet\n"
    run("--profile", "paper")
    capsys.readouterr()
    assert main(["check", "--profile", "paper"]) == 0
    assert capsys.readouterr().out == "sized: up to date\n"


def test_check_tells_how_many_runs_are_kept_of_what_was_not_run_to_the_end(run, capsys):
    runs = PAPER / "runs"
    runs.mkdir(parents=True)
    (runs / "cpu-0.jsonl").write_text("head\none\ntwo\n")
    capsys.readouterr()
    assert main(["check", "--profile", "paper"]) == 1
    assert capsys.readouterr().out == "sized: not run to the end: 2 runs are kept\n"
    assert main(["render"]) == 0
    assert verdict() == ("exact", "standard", "sized")


def test_what_was_never_run_is_not_run_to_the_end(run):
    finding = registry.load(Path("experiments", "sized.py"))
    definition, folder = (
        finding.definition.at("paper"),
        Path("reports", "paper", "sized"),
    )
    assert profiles.at_source(Path("reports"), "sized") == folder
    why = sizes.unfinished(definition, profiles.SOURCE, folder)
    assert why == "not run to the end"


def test_the_index_of_findings_is_read_off_larger_runs_that_it_was_not_written_for(run):
    run("--profile", "paper")
    for moved, word in (((PAPER, "away"), "exact"), (("away", PAPER), "refuted")):
        shutil.move(*moved)
        told = catalog.findings(Path("experiments"), Path("reports"))
        assert told["sized"].verdicts == f"1 {word}"
