"""Redraw the pages from recorded tables."""

from study.lab.declare import registry
from study.lab.declare.profiles import PROFILES
from study.lab.execute.commands import pages
from study.lab.execute.commands.options import add_profile

add_options = add_profile


def call(options) -> int:
    """redraw the pages from recorded tables, without training"""
    from study.lab.show import rendered

    reports = PROFILES[options.profile].folder
    there = rendered.Reports(options.experiments, reports, pages.README)
    book, _ = pages.publish(there, registry.ledger(options.experiments), options)
    print(f"{reports}: {len(book.pages)} pages rendered")
    return 0
