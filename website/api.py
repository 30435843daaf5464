"""Write the API reference of the public components into a folder, by pdoc.

A program of its own, since pdoc imports the components, and Keras with them.
"""

import re
import sys
from pathlib import Path

import pdoc
from markupsafe import Markup

from website.text import colors

# A package's classes stand on its own page.
MODULES = ("study", r"!study\.(lab|theory|__main__)", r"!study\.[^.]+\.")
LINK = re.compile(r'(<a class="headerlink" href="#([^"]+)")></a>')
PART = re.compile(r"<(/?)h6([^>]*)>")
TEMPLATES = Path(__file__).parent / "templates" / "api"


def document(folder: Path) -> None:
    """Write a page for each public module, and one for all of them."""
    pdoc.render.configure(docformat="google", template_directory=TEMPLATES)
    pdoc.render.env.globals["colors"] = Markup(colors(".pdoc-code"))
    pdoc.docstrings.GOOGLE_LIST_SECTIONS.append("Call arguments")
    pdoc.pdoc(*MODULES, output_directory=folder)
    for page in folder.rglob("*.html"):
        page.write_text(heard(page.read_text(encoding="utf-8")), encoding="utf-8")


def heard(html: str) -> str:
    """Name what a screen reader would find without a name or out of its order."""
    html = LINK.sub(r'\1 aria-label="Link to \2"></a>', html)
    html = PART.sub(r"<\1h2\2>", html).replace("<h2 id", '<h2 class="part" id')
    html = html.replace("<th></th>", "<td></td>")
    return html.replace("<pre>", '<pre tabindex="0">')


if __name__ == "__main__":
    document(Path(sys.argv[1]))
