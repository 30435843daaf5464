"""Reports are rendered again where anything changed, and nowhere else."""

import shutil
import subprocess
from pathlib import Path

import pytest
from answers import workers
from ran_once import run_in
from tiny_facts import FILE

from study.lab.execute import supervisor
from study.lab.execute.command import main
from study.lab.show import rendered, site


@pytest.fixture(scope="module")
def rendered_once(tmp_path_factory):
    """Return a folder in which everything was run, and so rendered."""
    others = FILE.replace("d1-01", "d1-02")
    return run_in(tmp_path_factory.mktemp("rendered"), facts=FILE, others=others)


@pytest.fixture
def run(rendered_once, tmp_path, monkeypatch):
    """Return what runs everything in a folder and tells whether it was rendered."""
    shutil.copytree(rendered_once, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(supervisor, "Workers", workers)
    calls, publish_all = [], site.publish

    def noted(*arguments):
        calls.append(arguments)
        return publish_all(*arguments)

    monkeypatch.setattr(site, "publish", noted)

    def run(*words):
        calls.clear()
        assert main(["run", *words]) == 0
        return bool(calls)

    return run


def append(path, text):
    path = Path(path)
    path.write_text(path.read_text() + text)


def reports():
    """Return the content of every file of the reports, and the README's."""
    files = [each for each in Path("reports").rglob("*") if each.is_file()]
    return {str(each): each.read_bytes() for each in [*files, Path("README.md")]}


def bare():
    """Forget what was rendered, as a clone has it."""
    rendered.REMEMBERED.unlink()


CHANGES = {
    "a definition": lambda: append("experiments/facts.py", "# a word more\n"),
    "the ledger": lambda: append("experiments/ledger.csv", "d9-01,Deep,1,fact,New.\n"),
    "a page": lambda: append("reports/others/README.md", "edited by hand"),
    "a page that is gone": lambda: Path("reports/others/README.md").unlink(),
    "the index": lambda: append("reports/README.md", "edited by hand"),
    "the README": lambda: append("README.md", "A line more.\n"),
    "what was remembered": lambda: rendered.REMEMBERED.write_text("[1"),
}


def test_nothing_is_rendered_again_where_nothing_changed(run):
    assert not run()
    bare()
    assert run()
    assert not run()


@pytest.fixture
def clone(run, tmp_path, monkeypatch):
    """Commit the folder, with a package beside it, and forget what was rendered."""
    package = tmp_path / "study"
    package.mkdir()
    (package / "page.py").write_text("WORDS = 3\n")
    (tmp_path / ".gitignore").write_text("build\n__pycache__\n")
    monkeypatch.setattr(rendered, "PACKAGE", package)
    author = "-c", "user.name=A", "-c", "user.email=a@example.org"
    for words in (["init", "-q"], ["add", "."], [*author, "commit", "-qm", "All"]):
        subprocess.run(["git", *words], check=True)
    bare()


def test_nothing_is_rendered_in_a_clone_that_is_as_committed(run, clone):
    written = reports()
    assert not run()
    assert not run("facts")
    assert reports() == written


IN_A_CLONE = {
    **{what: CHANGES[what] for what in ("a definition", "a page", "the README")},
    "the package": lambda: append("study/page.py", "MORE = 4\n"),
    "what nobody committed": lambda: Path("experiments/new.csv").write_text("a\n"),
    "the record": lambda: shutil.rmtree(".git"),
}


@pytest.mark.parametrize("what", IN_A_CLONE)
def test_all_is_rendered_in_a_clone_after_a_change_of(what, run, clone):
    IN_A_CLONE[what]()
    assert run("facts")
    assert not run("facts")


def test_all_is_rendered_where_git_tracks_something_else_alone(run, clone):
    subprocess.run(["git", "rm", "-rq", "--cached", "reports"], check=True)
    Path(".gitignore").write_text("build\nreports\n")
    assert run()


@pytest.mark.parametrize("what", CHANGES)
def test_all_is_rendered_again_after_a_change_of(what, run):
    CHANGES[what]()
    assert run()
    assert not run()
    written = reports()
    assert main(["render"]) == 0
    assert reports() == written


@pytest.mark.parametrize("what", CHANGES)
def test_the_overviews_are_rendered_again_after_a_change_of(what, run):
    CHANGES[what]()
    assert run("facts")
    assert not run("facts")


def test_a_page_that_was_not_asked_for_is_left_and_told_until_it_is_rendered(
    run, capsys
):
    told = "reports: left as they stand: others; `make render` renders them too"
    page = Path("reports/others/README.md")
    true = page.read_text()
    append(page, "edited by hand")
    for rendered_again in (True, False):
        capsys.readouterr()
        assert run("facts") == rendered_again
        assert told in capsys.readouterr().out.splitlines()
        assert page.read_text() == true + "edited by hand"
    assert run("others")
    assert told not in capsys.readouterr().out.splitlines()
    assert page.read_text() == true


def test_overviews_with_pages_that_were_left_are_those_that_rendering_all_writes(
    run, capsys
):
    append("README.md", "A line more.\n")
    changed = FILE.replace("[0.0, 0.25]", "[0.0, 0.75]")
    Path("experiments/facts.py").write_text(changed)
    before = reports()
    bare()
    assert run("facts")
    assert "left as they stand: others" in capsys.readouterr().out
    some = reports()
    assert main(["render"]) == 0
    assert reports() == some
    different = {name for name in some if some[name] != before[name]}
    assert {"README.md", "reports/README.md", "reports/index.html"} <= different
    assert not any("others" in name for name in different)


def test_a_page_that_is_stale_or_no_longer_so_says_so_whatever_is_asked_for(run):
    path, page = Path("experiments/others.py"), Path("reports/others/README.md")
    text, true = path.read_text(), page.read_text()
    path.write_text(text.replace("[0.0, 0.25]", "[0.0, 0.75]"))
    assert run("facts")
    assert "This page is stale." in page.read_text()
    assert main(["check"]) == 1
    path.write_text(text)
    bare()
    assert run("facts")
    assert page.read_text() == true
    assert main(["check"]) == 0


def test_a_page_that_lacks_a_file_is_rendered_whatever_is_asked_for(run):
    page = Path("reports/others/README.md")
    true = page.read_bytes()
    page.unlink()
    assert run("facts")
    assert page.read_bytes() == true


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
