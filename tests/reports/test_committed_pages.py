"""Every committed page is what its tables and its definition give, byte for byte.

A figure says what it was drawn from: all that it may show, and the code that draws it.
Where that is so still, it is not drawn again, but for one of each kind; the slow tests
draw all of them.
"""

import base64
import functools
import re
import zlib
from importlib import import_module
from pathlib import Path

import pytest

from study.lab import figures
from study.lab.declare import korean, parity, registry
from study.lab.declare.profiles import PROFILES
from study.lab.figures.base import Figure
from study.lab.figures.wording import LONGEST
from study.lab.rules.named import named
from study.lab.rules.verdicts import SCALED
from study.lab.rules.words import Stance
from study.lab.show import states
from study.lab.show.book import Book
from study.lab.show.components import render_components, render_defaults
from study.lab.show.drawing import drawn
from study.lab.show.explorer import render_explorer
from study.lab.show.handed import handed
from study.lab.show.index import fill_readme, render_index
from study.lab.show.korean import render_korean
from study.lab.show.lectures import FOLDER, render_lectures
from study.lab.show.page import render_page
from study.lab.show.pages import DRAWN
from study.lab.train import provenance, runtables

ROOT = Path(__file__).parents[2]
LIMIT = 1_000_000  # bytes of a page's text or of a figure
EXPERIMENTS = ROOT / "experiments"
LARGEST = 2_000_000  # bytes of the file for a browser, which a phone has to load
# Of it, what a phone reads and builds until the filters answer, and builds at all at
# the start: within a second where a desktop would take a quarter of that.
EAGER = 350_000  # bytes
READY, BUILT = 500, 1_500  # elements
# Drafts of the smoke profile are not committed.
REPORTS = {name: ROOT / each.folder for name, each in PROFILES.items() if each.judged}
STANDARD = REPORTS["standard"]
PAGES = [
    (profile, each.parent.name)
    for profile, folder in REPORTS.items()
    for each in sorted(folder.glob("*/provenance.json"))
]
SOME = 5  # of so many pages one is rendered by default, all in the slow tests
OWN = sorted((EXPERIMENTS / "figures").glob("[!_]*.py"))
KINDS = sorted(
    {
        each.__name__
        for module in (
            figures,
            *(import_module(f"experiments.figures.{x.stem}") for x in OWN),
        )
        for each in vars(module).values()
        if isinstance(each, type) and issubclass(each, Figure) and each is not Figure
    }
)

pytestmark = pytest.mark.skipif(not PAGES, reason="no page is committed yet")


@pytest.fixture(scope="module")
def ledger():
    return registry.ledger(EXPERIMENTS)


@pytest.fixture(scope="module")
def committed_book(ledger, committed_page):
    """Return a function to the book of a profile's pages, which judges them once."""

    @functools.cache
    def bind(profile):
        pages = [committed_page(*each) for each in PAGES if each[0] == profile]
        return Book(ledger, pages, korean.read(EXPERIMENTS, ledger))

    return bind


@pytest.mark.parametrize(
    ("profile", "name"),
    [
        pytest.param(*each, marks=() if i % SOME == 0 else pytest.mark.slow)
        for i, each in enumerate(PAGES)
    ],
)
def test_a_committed_page_is_rendered_the_same_again_with_figures_of_its_tables(
    profile, name, findings, ledger, committed_page, monkeypatch
):
    stale = states.say(findings[name], REPORTS[profile], PROFILES[profile]).stale
    page, folder = committed_page(profile, name), REPORTS[profile] / name
    for each in page.definition.figures:
        monkeypatch.setattr(type(each), "render", outdated)
        shown = handed(page, each)
        assert len(drawn(each, shown, page.folder)) < LIMIT, each.file
    book = Book(ledger, home=STANDARD)
    rendered = render_page(page, book, stale)
    drawings = {each.file for each in page.definition.figures}
    there = {each.name for each in folder.iterdir() if each.suffix in (*DRAWN, ".md")}
    assert there == {*rendered} | drawings
    for file, content in rendered.items():
        assert (folder / file).read_bytes() == content, f"run `make render`: {file}"
        assert len(content) < LIMIT, file
    assert not re.search(r"\b(nan|None)\b", _told(rendered["README.md"].decode()))


@pytest.mark.parametrize(("profile", "name"), PAGES)
def test_a_committed_page_can_be_made_anew_as_it_is_declared(profile, name, findings):
    recorded = provenance.load(REPORTS[profile] / name)
    assert not provenance.seen(findings[name].definition.at(profile), recorded)


@pytest.mark.parametrize(("profile", "name"), PAGES)
def test_losses_by_step_are_committed_where_a_figure_reads_them(
    profile, name, committed_page
):
    page = committed_page(profile, name)
    read = any(each.reads("curves") for each in page.definition.figures)
    assert (page.curves is not None) == read


@pytest.mark.parametrize(
    "folder", sorted(REPORTS["paper"].glob("*/runs")), ids=lambda each: each.parent.name
)
def test_tables_at_the_source_s_own_size_are_small_enough_for_git(folder):
    files = [*folder.glob("*"), *folder.parent.glob("*.csv")]
    assert sum(each.stat().st_size for each in files) < runtables.LIMIT


@pytest.mark.parametrize(("profile", "name"), PAGES)
def test_every_figure_says_in_names_and_few_words_what_it_shows(
    profile, name, committed_page
):
    page = committed_page(profile, name)
    tables = named(page.table).values()
    columns = {each for table in tables for each in table if "_" in f"{each}"}
    for figure in page.definition.figures:
        shown = handed(page, figure)
        headline, alt = figure.headline(shown), figure.alt(shown)
        assert headline
        assert len(alt) <= LONGEST, figure.file
        assert alt.startswith(headline) or figure.suffix == ".gif"
        for text in (headline, alt):
            assert not re.search(r"\b(nan|None)\b", text), text
            assert not columns & {*re.findall(r"\w+", text)}, text


def outdated(figure, shown):
    """Stand for the drawing of a figure whose file is up to date."""
    pytest.fail(f"drawn from something else, run `make render`: {figure.file}")


@pytest.fixture(scope="module")
def firsts(committed_page):
    """Map each kind of figure to the first of it, and its page."""
    found = {}
    for page in (committed_page(*each) for each in PAGES):
        for figure in page.definition.figures:
            found.setdefault(type(figure).__name__, (figure, page))
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_of_each_kind_is_drawn_the_same_again(kind, firsts, tmp_path):
    assert_drawn_again(*firsts[kind], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(("profile", "name"), PAGES)
def test_every_other_committed_figure_is_drawn_the_same_again(
    profile, name, committed_page, firsts, tmp_path
):
    page = committed_page(profile, name)
    drawn_by_default = [figure for figure, _ in firsts.values()]
    for figure in page.definition.figures:
        if not any(figure is each for each in drawn_by_default):
            assert_drawn_again(figure, page, tmp_path)


def assert_drawn_again(figure, page, elsewhere):
    again = drawn(figure, handed(page, figure), elsewhere)
    file = page.folder / figure.file
    assert file.read_bytes() == again, f"run `make render`: {file}"


def _told(text):
    """Return a page's text without its code."""
    return re.sub(r"```.*?```|`[^`]*`", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("profile", sorted({profile for profile, _ in PAGES}))
def test_no_reason_of_a_verdict_speaks_in_names_of_columns(profile, committed_page):
    spoken = []
    for page in (committed_page(*each) for each in PAGES if each[0] == profile):
        arms = [x for each in page.definition.claims for x in each.verdict.arms()]
        names = {*page.definition.units(), *(name for arm in arms for name in arm)}
        bare = {each for each in names if "_" in each}
        for claim, verdict in page.judged:
            said = {*re.findall(r"\w+", verdict.reason)}
            if said & bare or re.search(r"[`δ]|\w=\w", verdict.reason):
                spoken.append((claim.id, verdict.reason))
    assert spoken == []


@pytest.mark.parametrize("profile", sorted({profile for profile, _ in PAGES}))
@pytest.mark.slow
def test_every_open_or_scaled_word_names_what_would_settle_it_or_that_nothing_does(
    profile, committed_book
):
    book = committed_book(profile)
    claims = [each for page in book.pages for each in book.claims(page)]
    asked = [
        x for x in claims if x.word.stance is Stance.OPEN or x.word in SCALED.values()
    ]
    none = [x for x in asked if "No number of seeds" in x.outlook]
    assert [x.id for x in asked if not x.trainings and x not in none] == []


def test_the_committed_index_and_lectures_are_rendered_the_same_again(
    committed_book,
):
    book = committed_book("standard")
    files = render_index(book) | render_lectures(book) | render_korean(book)
    for file, content in files.items():
        assert (STANDARD / file).read_bytes() == content, "run `make render`"


def test_larger_runs_have_pages_alone_of_which_the_committed_overviews_tell():
    assert [each for each in REPORTS["paper"].glob("*") if each.is_file()] == []
    assert not (REPORTS["paper"] / FOLDER).exists()


@pytest.mark.slow
def test_the_committed_explorer_is_rendered_the_same_again(committed_book):
    book = committed_book("standard")
    shown = {
        each.name: {
            figure.file: (STANDARD / each.name / figure.file).read_bytes()
            for figure in each.definition.figures
        }
        for each in book.pages
    }
    files = render_explorer(book, parity.ROWS, shown, STANDARD)
    ((file, content),) = files.items()
    committed = (STANDARD / file).read_text("utf-8")
    assert unpacked(committed) == unpacked(content.decode()), "run `make render`"
    assert len(committed.encode()) < LARGEST


def test_a_browser_reads_and_builds_little_of_the_explorer_at_its_start():
    html = (STANDARD / "index.html").read_text("utf-8")
    before, script, _ = html.partition("<script>")
    assert script
    assert len(before.encode()) < EAGER
    assert len(built(before)) < READY
    assert len(built(html)) < BUILT


def built(html):
    """List the elements that a browser with scripts builds."""
    return re.findall("<[a-z]", re.sub("(?s)<noscript>.*?</noscript>", "", html))


def unpacked(html):
    """Unpack the figures: another zlib packs the same bytes otherwise."""
    return re.sub(
        'data-svg="(.*?)"',
        lambda found: zlib.decompress(base64.b64decode(found[1])).decode(),
        html,
    )


def test_the_readme_shows_the_verdicts_of_the_committed_pages(committed_book):
    text = (ROOT / "README.md").read_text("utf-8")
    assert "<!-- verdicts" in text
    assert fill_readme(text, committed_book("standard")) == text, "run `make render`"


def test_the_committed_pages_of_components_and_defaults_are_rendered_the_same_again(
    committed_page,
):
    pages = [committed_page(*each) for each in PAGES if each[0] == "standard"]
    files = render_components(parity.ROWS, pages) | render_defaults(parity.ROWS)
    for file, content in files.items():
        assert (ROOT / "reports" / file).read_bytes() == content, "run `make render`"


LINKING = [
    "components.md",
    "keras_defaults.md",
    *sorted(f"lectures/{each.name}" for each in ROOT.glob("reports/lectures/*.md")),
]


@pytest.mark.parametrize("name", LINKING)
def test_every_link_of_the_pages_of_components_and_lectures_leads_to_a_file(name):
    page = ROOT / "reports" / name
    links = re.findall(r"\]\(([^)]+)\)", page.read_text("utf-8"))
    files = {each.partition("#")[0] for each in links} - {""}
    assert files
    assert [each for each in files if not (page.parent / each).is_file()] == []
