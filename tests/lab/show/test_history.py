"""History: what was found each time, and whether the rule moved in between."""

import json
import subprocess
from dataclasses import replace

import pytest

from study.lab.errors import StudyError
from study.lab.execute.command import main
from study.lab.show import history
from study.lab.show.history import Revision, changes, tell

DEFINED = "EXPERIMENT = Experiment(title='{}', steps={})"


def revision(
    day, word="reproduced", effect="1.5", steps=10, title="t", spent=None, made=""
):
    row = {"experiment": "xor", "verdict": word, "effect": effect, "lower": "1.0"}
    texts = {"xor": DEFINED.format(title, steps)}
    return Revision(f"2026-01-0{day}", {"d1-01": row}, texts, spent, made={"xor": made})


def in_a_row(revisions):
    """Make each revision from the one before."""
    found = []
    for each in revisions:
        found.append(replace(each, parents=tuple(found[-1:])))
    return found


def told(revisions):
    return [
        (each.date[-1], each.word, each.definition, each.why)
        for each in tell(revisions)
    ]


def results(*revisions):
    return told(in_a_row(revisions))


def test_each_result_is_told_once_with_whether_the_rule_moved():
    assert results(
        revision(1),
        revision(2),
        revision(3, "contradicted"),
        revision(4, "contradicted", steps=20, effect="0.2"),
        revision(5, "contradicted", steps=20, effect="0.1"),
    ) == [
        ("1", "reproduced", "", ""),
        ("3", "contradicted", "the same", ""),
        ("4", "contradicted", "changed", "not recorded"),
        ("5", "contradicted", "the same", ""),
    ]


def test_the_last_digits_which_another_processor_prints_are_no_other_result():
    assert results(
        revision(1, effect="2.4622888266898326"),
        revision(2, effect="2.462288826689833"),
        revision(3, effect="2.4622888"),
    ) == [("1", "reproduced", "", ""), ("3", "reproduced", "the same", "")]


def test_what_branches_found_is_told_once_and_none_takes_the_other_s_back():
    root = revision(1)
    elsewhere = replace(revision(2), parents=(root,))
    trained = replace(revision(3, "contradicted", steps=20), parents=(root,))
    merged = replace(revision(4), parents=(elsewhere, trained))
    again = replace(revision(5, "contradicted", steps=20), parents=(merged,))
    assert told([root, elsewhere, trained, merged, again]) == [
        ("1", "reproduced", "", ""),
        ("3", "contradicted", "changed", "not recorded"),
    ]


def test_code_that_is_written_otherwise_and_gives_the_same_again_is_no_change():
    found = results(
        revision(1),
        revision(2, steps=20, made="again"),
        revision(3, effect="2", steps=20),
    )
    assert found == [("1", "reproduced", "", ""), ("3", "reproduced", "the same", "")]


def test_a_change_is_told_where_others_were_recorded_before_it_ran():
    """A definition may be committed long before it is run, with other findings."""
    kept = {("other", 9): "of another"}
    more = kept | {("xor", 9): "the steps were too few"}
    found = results(
        revision(1),
        revision(2, steps=20, spent=kept),
        revision(3, steps=20, spent=more),
        revision(4, effect="2", steps=20, spent=more),
    )
    assert found == [
        ("1", "reproduced", "", ""),
        ("4", "reproduced", "changed", "the steps were too few"),
    ]


def test_a_change_is_told_where_the_claim_was_not_judged_in_between():
    without = revision(2, steps=20)
    without.claims["d1-01"]["experiment"] = ""
    found = results(revision(1), without, revision(3, effect="2", steps=20))
    assert found == [
        ("1", "reproduced", "", ""),
        ("3", "reproduced", "changed", "not recorded"),
    ]


def test_the_reason_is_that_of_the_replicates_that_were_spent_in_between():
    kept = {("xor", 9): "earlier", ("other", 9): "of another"}
    more = kept | {("xor", 29): "the steps were too few"}
    first = revision(1, spent=kept)
    (_, last) = results(first, revision(2, effect="2", steps=20, spent=more))
    assert last == ("2", "reproduced", "changed", "the steps were too few")
    # what was spent before that was kept says nothing of when
    (_, last) = results(revision(1), revision(2, effect="2", steps=20, spent=more))
    assert last[-1] == "not recorded"


def exact(day, effect, steps, word="exact", delta="1e-10"):
    """One exact claim's deviation."""
    found = revision(day, word, effect, steps)
    found.claims["d1-01"].update(lower=effect, upper=effect, delta=delta)
    return found


def test_where_the_rounding_of_an_exact_claim_alone_moved_it_is_said():
    first = exact(1, "3.2e-15", 10)

    def why(**other):
        given = {"day": 2, "effect": "1.1e-15", "steps": 20} | other
        return results(first, exact(**given))[-1][2:]

    assert why() == ("changed", "only rounding moved")
    assert why(steps=10) == ("the same", "")
    for other in (
        {"effect": "2e-12"},
        {"word": "refuted"},
        {"delta": "1e-9"},
    ):
        assert why(**other) == ("changed", "not recorded")
    moved = results(exact(1, "3.2e-15", 10, "reproduced"), exact(2, "1e-15", 20))
    assert moved[-1][2:] == ("changed", "not recorded")


def test_where_the_same_runs_have_another_interval_alone_it_is_said():
    def result(day, lower, runs="a", effect="1.5", **more):
        made = json.dumps({"tables": {"results.csv": runs}})
        found = revision(day, made=made, effect=effect, **more)
        found.claims["d1-01"]["lower"] = lower
        return found

    def why(*others, **more):
        return results(result(1, "1.0"), result(2, *others, **more))[-1][2:]

    moved = "only the interval moved, of the same runs"
    assert why("0.9") == ("the same", moved)
    assert why("0.9", steps=20) == ("changed", moved)
    assert why("0.9", "b", steps=20) == ("changed", "not recorded")
    assert why("0.9", effect="1.4", steps=20) == ("changed", "not recorded")
    assert why("1.0", word="unresolved", steps=20) == ("changed", "not recorded")
    assert results(revision(1), result(2, "0.9"))[-1][2:] == ("the same", "")


def test_what_only_shows_is_no_change():
    (_, last) = results(revision(1), revision(2, title="other", effect="2"))
    assert last == ("2", "reproduced", "the same", "")


def test_changes_are_counted_by_finding_and_day():
    effects = (("1", 1), ("2", 2), ("3", 3), ("4", 3))
    found = tell(in_a_row(revision(i, effect=i, steps=steps) for i, steps in effects))
    assert changes(found) == {"xor": 2}
    assert changes(found)["unknown"] == 0


def test_a_claim_that_was_not_judged_has_no_result():
    empty = Revision("2026-01-01", {"d1-01": {"experiment": "", "verdict": "no"}})
    assert tell([empty]) == []


def test_the_record_comes_back_as_it_was_written(tmp_path):
    found = tell(in_a_row([revision(1), revision(2, effect="2", steps=2)]))
    assert history.read(tmp_path) is None
    (tmp_path / history.FILE).write_bytes(history.to_csv(found))
    assert history.read(tmp_path) == found
    (tmp_path / history.FILE).write_text("claim,day\nd1-01,1\n")
    with pytest.raises(StudyError, match="expected the columns claim, finding, date"):
        history.read(tmp_path)


def git(*arguments):
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org")
    subprocess.run(["git", *who, *arguments], check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A repository in which one claim was judged twice, then by more steps."""
    monkeypatch.chdir(tmp_path)
    for name in ("experiments", "reports"):
        (tmp_path / name).mkdir()
    git("init", "--initial-branch=main")
    header = "id,experiment,verdict,effect,lower,upper,delta\n"
    for steps, word in ((10, "unresolved"), (20, "reproduced")):
        (tmp_path / "experiments" / "xor.py").write_text(DEFINED.format("t", steps))
        row = f"d1-01,xor,{word},1.5,1.0,2.0,0.5\n"
        (tmp_path / "reports" / "claims.csv").write_text(header + row)
        git("add", ".")
        git("commit", "--message", "Train")
    return tmp_path


def test_the_command_reads_it_off_git(clone, capsys):
    assert main(["history"]) == 0
    assert "2 results of 1 claims; 1 findings changed" in capsys.readouterr().out
    first, second = history.read(clone / "reports")
    assert (first.word, first.definition, first.delta) == ("unresolved", "", "0.5")
    assert (second.word, second.definition) == ("reproduced", "changed")
    assert second.why == "not recorded"


def test_outside_of_a_clone_the_command_says_so_in_a_line(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert main(["history"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("study: history: expected a clone of the project")
    assert said.count("\n") == 1
