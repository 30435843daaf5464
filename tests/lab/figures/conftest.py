"""What figures get of the made-up pages."""

from dataclasses import replace

import pytest

from study.lab.figures.shown import Shown


def whole(page) -> Shown:
    """Hand out every table of a page."""
    tables = {each: getattr(page, each) for each in ("curves", "errors", "outputs")}
    return replace(page.results, **tables)


@pytest.fixture
def one_swept(strip) -> Shown:
    return whole(strip)


@pytest.fixture
def two_swept(page) -> Shown:
    return whole(page)
