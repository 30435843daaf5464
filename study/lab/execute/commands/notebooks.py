"""Write the notebooks."""

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES


def add_options(parser):
    """Take no options."""


def call(options) -> int:
    """write a notebook for each finding whose box in teach.toml asks for one"""
    from study.lab.files.store import write
    from study.lab.show import notebooks

    findings = registry.load_all(options.experiments).values()
    reports = PROFILES["standard"].folder
    found = notebooks.render_notebooks(findings, registry.ledger(options.experiments))
    for name, content in found.items():
        write(reports / name, content)
    print(f"{reports / notebooks.FOLDER}: {len(found)} notebooks")
    return 0
