"""kill -9 at any moment loses nothing that is finished."""

import random
import time

import pytest
from project import finish, make, pages, results, share, start


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    folder = make(tmp_path_factory.mktemp("undisturbed"))
    began = time.monotonic()
    finish(start(folder))
    return pages(folder), len(results(folder)), time.monotonic() - began


@pytest.mark.parametrize(
    "kills", [pytest.param(1), pytest.param(share(50), marks=pytest.mark.faults)]
)
def test_nothing_finished_is_lost_or_recomputed_and_pages_come_out_the_same(
    tmp_path_factory, undisturbed, kills
):
    expected, programs, seconds = undisturbed
    moments = random.Random(20261121)
    left, folder, kept = kills, None, {}
    while left:
        if folder is None:
            folder, kept = make(tmp_path_factory.mktemp("killed")), {}
        process = start(folder)
        time.sleep(moments.uniform(0, seconds))
        process.kill()
        process.communicate()
        found = results(folder)
        assert kept.items() <= found.items()
        kept = found
        left -= 1
        if left == 0 or len(kept) == programs:
            finish(start(folder))
            assert kept.items() <= results(folder).items()
            assert pages(folder) == expected
            assert not list(folder.rglob(".incomplete-*"))
            folder = None


def test_two_runs_at_once_disturb_each_other_not_at_all(tmp_path, undisturbed):
    folder = make(tmp_path)
    for each in [start(folder, workers=1) for _ in range(2)]:
        finish(each)
    expected, programs, _ = undisturbed
    assert pages(folder) == expected
    assert len(results(folder)) == programs == 5
