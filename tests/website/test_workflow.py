"""What publishes the site may do that and nothing else, by code that stays the same."""

import re
from pathlib import Path

import pytest

WORKFLOW = Path(__file__).parents[2] / ".github" / "workflows" / "site.yml"


@pytest.fixture
def workflow():
    if not WORKFLOW.exists():
        pytest.skip("expected a clone: a release has nothing of git's host")
    return WORKFLOW.read_text(encoding="utf-8")


def test_every_action_is_pinned_by_its_digest(workflow):
    used = re.findall(r"uses: (.+)", workflow)
    assert used
    for each in used:
        assert re.fullmatch(r"[\w/-]+@[0-9a-f]{40} # v[\d.]+", each), each


def test_permissions_are_the_least_that_publishing_takes(workflow):
    assert "\npermissions: {}\n" in workflow
    granted = re.findall(r"^      ([a-z-]+): (read|write)\b", workflow, re.MULTILINE)
    assert granted == [("contents", "read"), ("pages", "write"), ("id-token", "write")]
    assert "persist-credentials: false" in workflow
