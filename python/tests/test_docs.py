"""Examples in the sources and the documentation run."""

import doctest
import importlib
from pathlib import Path

import pytest

MODULES = ["reident", "reident._results", "reident.anonymeter"]
PAGE = Path(__file__).resolve().parents[2] / "docs" / "python.md"


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name):
    pytest.importorskip("pandas")
    found = doctest.testmod(importlib.import_module(name))
    assert found.attempted and not found.failed


@pytest.mark.skipif(not PAGE.is_file(), reason="the page is in the repository")
def test_page():
    pytest.importorskip("pandas")
    found = doctest.testfile(str(PAGE), module_relative=False)
    assert found.attempted and not found.failed
