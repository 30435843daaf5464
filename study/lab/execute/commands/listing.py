"""List findings, or claims with their words."""

from study.lab.declare.profiles import PROFILES
from study.lab.execute.commands.terminal import aligned, columns, cut


def add_options(parser):
    """Add what to list."""
    parser.add_argument(
        "--claims", action="store_true", help="list claims instead, with their words"
    )


def call(options) -> int:
    """list every finding with its claims and whether its page is up to date"""
    from study.lab.show import catalog, states

    if options.claims:
        return _list_claims()
    reports = PROFILES["standard"].folder
    found = catalog.findings(options.experiments, reports).values()
    state = states.recall(options.experiments, reports)
    rows = [
        (
            each.name,
            str(len(each.claims)),
            each.runs,
            f"{each.seconds} s" if each.seconds else "",
            each.verdicts,
            state[each.name],
        )
        for each in found
    ]
    if width := columns():
        head = ("finding", "claims", "runs", "time", "verdicts", "page")
        print("\n".join(aligned([head, *rows], width)))
    else:  # for a program: a line a finding
        for row in rows:
            print(*row, sep="\t")
    return 0


def _list_claims():
    """List the claims that were judged, by their table, a line each."""
    from study.lab.show import catalog

    width = columns()
    for each in catalog.claims(PROFILES["standard"].folder):
        id, word, finding, text = (
            each[name] for name in ("id", "verdict", "experiment", "claim")
        )
        if width is None:  # for a program
            print(id, each["level"], word, finding, text, sep="\t")
        else:
            print(cut(f"{id}  {word}: {text}", width))
    return 0
