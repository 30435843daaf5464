"""Run findings once, in a folder that tests copy and go on from."""

from pathlib import Path

import pytest
import tiny_study
from answers import workers

from study.lab.execute import supervisor
from study.lab.execute.command import main


def run_in(folder, **findings):
    """Write findings by their names, have all run in a folder, and return it."""
    for name, text in findings.items():
        tiny_study.write(folder / "experiments", name, text)
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        patched.setattr(supervisor, "Workers", workers)
        Path("README.md").write_text("Ours\n<!-- verdicts -->\n<!-- /verdicts -->\n")
        assert main(["run"]) == 0
    return folder
