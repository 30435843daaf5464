"""Tell what was found each time, from git's record."""

from study.lab.declare.profiles import PROFILES


def add_options(parser):
    """Take no options."""


def call(options) -> int:
    """tell what was found of each claim each time, from git's record"""
    from study.lab.files.store import write
    from study.lab.show import history

    reports = PROFILES["standard"].folder
    told = history.tell(history.revisions(options.experiments, reports))
    changed = history.changes(told)
    write(reports / history.FILE, history.to_csv(told))
    print(
        f"{reports / history.FILE}: {len(told)} results of "
        f"{len({each.claim for each in told})} claims; {len(changed)} findings changed "
        "after a result was seen"
    )
    return 0
