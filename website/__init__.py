"""A static site of the pages: reports, lectures and sources as HTML, API and search."""
