"""Tidy tables: built from the exports, checked, saved, described, loaded by name."""
