"""Tell how claims came to their words."""

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.errors import StudyError
from study.lab.execute.commands import findings
from study.lab.execute.commands.options import add_names

add_options = add_names


def call(options) -> int:
    """tell how claims came to their words: rule, numbers, and what would change them"""
    from study.lab.show.book import Book
    from study.lab.show.page import load_page
    from study.lab.show.why import why

    if not options.names:
        raise StudyError("why: expected a claim's id, such as d0-30. Received: none")
    profile = PROFILES["standard"]
    ledger = registry.ledger(options.experiments)
    told = []
    for finding in findings.chosen(options.experiments, options.names):
        findings.recorded(finding, profile.folder)
        page = load_page(finding, profile.folder / finding.name, profile)
        claims = Book(ledger, [page]).claims(page)
        asked = [each for each in claims if each.id in options.names]
        told += [why(each) for each in asked or claims]
    print("\n\n".join(told))
    return 0
