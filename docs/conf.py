"""Sphinx: `make docs` builds docs/_build; a warning is an error."""

project = "cs_portal"
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
html_theme = "furo"
html_title = "cs_portal"
exclude_patterns = ["_build"]
