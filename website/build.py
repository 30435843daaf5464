"""Build pages: whatever can be reached from the reports, by links."""

import functools
import re
import shutil
import tomllib
from collections.abc import Sequence
from pathlib import Path

import jinja2
from markupsafe import Markup

from website.addresses import SERVED, START, address, relative, turn
from website.text import Text, colors, from_markdown, from_source

TEMPLATES = Path(__file__).parent / "templates"
FRONTS = (START, "README.md", "benchmarks/README.md", "reports/index.html")
# What reports/index.html has too.
SLIDERS = "experiments/sliders.toml"
SLIDING = "study/lab/show/templates"
LANGUAGE = re.compile(r"\.([a-z]{2})\.md$")


def build(clone: Path, site: Path, fronts: Sequence[str] = FRONTS) -> int:
    """Write every page that can be reached, and return how many there are.

    Args:
        clone: The project, with its reports.
        site: Where the site will stand, an empty folder.
        fronts: Files of the clone from which the rest is reached.
    """
    waiting, seen, count = [*fronts], {*fronts}, 1
    sliders = _sliders(clone)

    def see(file):
        if file not in seen:
            seen.add(file)
            waiting.append(file)

    while waiting:
        path = waiting.pop()
        source, there = clone / path, site / address(path)
        if path.startswith("..") or not source.is_file():
            continue  # the check of links names who leads to it
        there.parent.mkdir(parents=True, exist_ok=True)
        if path.endswith(SERVED) and not path.endswith(".html"):
            shutil.copyfile(source, there)
            continue
        page = _page(path, source.read_text(encoding="utf-8"), see, sliders)
        there.write_text(page, encoding="utf-8")
        count += 1
    _copy_assets(clone, site)
    text = Text(Markup(_template("search.html.j2").render()), "Search", [])
    search = _framed(text, "search.html")
    (site / "search.html").write_text(search, encoding="utf-8")
    return count


def _sliders(clone):
    """Return the sliders of each page, which rendering the index has checked."""
    declared = tomllib.loads((clone / SLIDERS).read_text(encoding="utf-8"))
    found = {}
    for each in declared["slider"]:
        found.setdefault(f"reports/{each['page']}/README.md", []).append(each)
    return found


def _copy_assets(clone, site):
    styles = (TEMPLATES / "style.css", clone / SLIDING / "slider.css")
    style = "".join(each.read_text(encoding="utf-8") for each in styles)
    (site / "style.css").write_text(style + colors("code"), encoding="utf-8")
    for script in (TEMPLATES / "search.js", clone / SLIDING / "slider.js"):
        shutil.copyfile(script, site / script.name)


def _page(path, source, see, sliders):
    def turned(html):
        return turn(html, path, see)

    if path.endswith(".html"):
        # The search leads to the pages, each of which is told again there.
        return turned(source.replace("<main>", '<main data-pagefind-ignore="all">'))
    if path.endswith(".md"):
        text = from_markdown(source, path, turned)
        moved = sliders.get(path, ())
        return _framed(text, address(path), path=path, searched=True, sliders=moved)
    return _framed(from_source(source, path), address(path), path=path)


def _framed(text, there, path="", searched=False, sliders=()):
    return _template("page.html.j2").render(
        text=text,
        root=relative(there, ".") + "/",
        path=path,
        language=_language(path),
        searched=searched,
        sliders=sliders,
    )


def _language(path):
    """Return the language that a text's name tells, as README.ko.md does."""
    found = LANGUAGE.search(path)
    return found[1] if found else "en"


@functools.cache
def _template(name):
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)
