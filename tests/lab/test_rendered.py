"""Reports that nothing changed since they were rendered are not rendered again."""

from pathlib import Path

import pytest
import tiny_study
from answers import workers
from tiny_facts import FILE

from study.lab import publish, rendered, supervisor
from study.lab.command import main


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Return what runs everything in a folder and tells whether it was rendered."""
    tiny_study.write(tmp_path / "experiments", "facts", FILE)
    tiny_study.write(tmp_path / "experiments", "others", FILE.replace("d1-01", "d1-02"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(supervisor, "Workers", workers)
    Path("README.md").write_text("Ours\n<!-- verdicts -->\n<!-- /verdicts -->\n")
    calls, publish_all = [], publish.publish

    def noted(*arguments):
        calls.append(arguments)
        return publish_all(*arguments)

    monkeypatch.setattr(publish, "publish", noted)

    def run(*words):
        calls.clear()
        assert main(["run", *words]) == 0
        return bool(calls)

    assert run()
    assert not run()
    return run


def append(path, text):
    path = Path(path)
    path.write_text(path.read_text() + text)


CHANGES = {
    "a definition": lambda: append("experiments/facts.py", "# a word more\n"),
    "the ledger": lambda: append("experiments/ledger.csv", "d9-01,Deep,1,fact,New.\n"),
    "a page": lambda: append("reports/others/README.md", "edited by hand"),
    "a page that is gone": lambda: Path("reports/others/README.md").unlink(),
    "the index": lambda: append("reports/README.md", "edited by hand"),
    "the README": lambda: append("README.md", "A line more.\n"),
    "what was remembered": lambda: rendered.REMEMBERED.write_text("[1"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_all_is_rendered_again_after_a_change_of(what, run):
    CHANGES[what]()
    assert run("facts")
    assert not run("facts")


def test_all_is_rendered_again_by_another_version_of_what_prints(run, monkeypatch):
    monkeypatch.setattr(rendered, "version", lambda name: f"{name} 99")
    assert run()
    assert not run()


def test_what_is_not_rendered_again_still_tells_its_verdicts(run, capsys):
    capsys.readouterr()
    assert not run("facts")
    told = capsys.readouterr().out.splitlines()
    assert any(line.startswith("d1-01 exact: ") for line in told)
    assert told[-1] == str(Path("reports/facts/README.md"))


def test_a_draft_says_nothing_of_the_pages_that_judge(run):
    assert main(["run", "--profile", "smoke"]) == 0
    assert not run()
