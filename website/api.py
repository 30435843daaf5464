"""Write the API reference of the public components into a folder, by pdoc.

A program of its own, since pdoc imports the components, and Keras with them.
"""

import sys
from pathlib import Path

import pdoc
from markupsafe import Markup

from website.text import colors

# A package's classes stand on its own page.
MODULES = ("study", r"!study\.(lab|theory|__main__)", r"!study\.[^.]+\.")
TEMPLATES = Path(__file__).parent / "templates" / "api"


def document(folder: Path) -> None:
    """Write a page for each public module, and one for all of them."""
    pdoc.render.configure(docformat="google", template_directory=TEMPLATES)
    pdoc.render.env.globals["colors"] = Markup(colors(".pdoc-code"))
    pdoc.docstrings.GOOGLE_LIST_SECTIONS.append("Call arguments")
    pdoc.pdoc(*MODULES, output_directory=folder)


if __name__ == "__main__":
    document(Path(sys.argv[1]))
