"""A full disk stops a run with one line, tears nothing, and the next run goes on."""

import errno
import os

import pytest
from answers import workers
from project import make, share

from study.lab.execute import command, supervisor
from study.lab.files import store


class Disk:
    """Fail with "no space left" at the n-th file written."""

    def __init__(self, monkeypatch):
        self.written, self.full = 0, None
        fsync = os.fsync

        def full_fsync(handle):
            self.written += 1
            if self.full is not None and self.written >= self.full:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
            fsync(handle)

        monkeypatch.setattr(store.os, "fsync", full_fsync)


@pytest.mark.parametrize(
    "stride",
    [pytest.param(3), pytest.param(20 // share(20), marks=pytest.mark.faults)],
)
def test_a_full_disk_is_one_clear_line_and_the_next_run_continues(
    tmp_path, monkeypatch, capsys, stride
):
    folder = make(tmp_path)
    (folder / "experiments" / "width_on_digits.py").unlink()
    for i in range(5):
        text = (folder / "experiments" / "squares_are_exact.py").read_text()
        text = text.replace('"d0-01"', f'"own-{i}", text="Squares {i} are squares."')
        (folder / "experiments" / f"squares_{i}.py").write_text(text)
    monkeypatch.chdir(folder)
    monkeypatch.setattr(supervisor, "Workers", workers)
    disk = Disk(monkeypatch)
    points = 0
    for full in range(1, 21, stride):
        disk.written, disk.full = 0, full
        finished = set(folder.rglob("*.result"))
        assert command.main(["run"]) == 1
        err = capsys.readouterr().err.splitlines()
        assert len(err) == 1
        assert "No space left on device" in err[0]
        assert not list(folder.rglob(".incomplete-*"))
        assert finished <= set(folder.rglob("*.result"))
        points += 1
    assert points >= 20 // stride
    disk.full = None
    assert command.main(["run"]) == 0
    assert len(list((folder / "reports").glob("*/README.md"))) == 6
