"""The committed record of results is what git tells, and pages tell what it says."""

import subprocess
from pathlib import Path

import pytest

from study.lab.show import history

ROOT = Path(__file__).parents[2]
REPORTS = Path("reports")


def git(*arguments):
    done = subprocess.run(
        ["git", *arguments], capture_output=True, text=True, cwd=ROOT, check=False
    )
    return done.stdout.strip() if done.returncode == 0 else None


@pytest.mark.skipif(
    git("rev-parse", "--is-shallow-repository") != "false",
    reason="it takes all of git's record",
)
@pytest.mark.skipif(
    git("status", "--porcelain", "reports/claims.csv") != "",
    reason="what is not committed yet is not recorded",
)
@pytest.mark.slow
def test_the_committed_record_is_what_git_gives(monkeypatch):
    monkeypatch.chdir(ROOT)
    told = history.tell(history.revisions(Path("experiments"), REPORTS))
    committed = (ROOT / REPORTS / history.FILE).read_bytes()
    assert committed == history.to_csv(told), "run `python -m study history`"


def test_every_page_tells_how_often_it_changed_after_a_result_was_seen():
    pages = sorted(
        each
        for each in (ROOT / REPORTS).glob("*/README.md")
        if "## How it was decided" in each.read_text("utf-8")
    )
    assert pages
    silent = [x for x in pages if "history.csv" not in x.read_text("utf-8")]
    assert silent == [], "run `make render`"
