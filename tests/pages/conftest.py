"""Browsers for the tests of pages."""

from browsers import any_fonts, axe, browser, playwright  # noqa: F401
