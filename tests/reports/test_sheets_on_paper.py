"""A lecture's errata fit on two pages of A4, printed by a real browser."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

LECTURES = Path(__file__).parents[2] / "reports" / "lectures"
NO_BROWSER = "NO BROWSER"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
STYLE = """
@page { size: A4; margin: 15mm }
body { font: 10.5pt/1.35 Helvetica, Arial, "Noto Sans", sans-serif }
table { border-collapse: collapse }
td, th { border: 1px solid; padding: 2px 5px; text-align: left; vertical-align: top }
"""
PAGE = re.compile(rb"/Type\s*/Page\b")
PATIENCE = 120  # seconds, on a machine that does much else

pytestmark = pytest.mark.slow


@pytest.fixture
def pages(tmp_path):
    """Return a function that counts the pages of A4 that a Markdown text takes."""
    # What draws the progress of runs brings it along.
    markdown_it = pytest.importorskip("markdown_it")
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not browser:
        pytest.skip(f"{NO_BROWSER}: expected one of {', '.join(BROWSERS)}")

    def count(text):
        body = markdown_it.MarkdownIt("commonmark").enable("table").render(text)
        source, printed = tmp_path / "sheet.html", tmp_path / "sheet.pdf"
        source.write_text(f"<meta charset=utf-8><style>{STYLE}</style>{body}", "utf-8")
        command = [
            *(browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
            *(f"--user-data-dir={tmp_path / 'profile'}", "--no-pdf-header-footer"),
            *(f"--print-to-pdf={printed}", source.as_uri()),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
        return len(PAGE.findall(printed.read_bytes()))

    return count


@pytest.mark.parametrize(
    "sheet", sorted(LECTURES.glob("*-errata*")), ids=lambda each: each.name
)
def test_a_sheet_fits_on_two_pages_of_a4(sheet, pages):
    assert pages(sheet.read_text("utf-8")) <= 2


def test_a_longer_text_would_have_been_seen(pages):
    assert pages("one line\n\n" * 200) > 2
