"""Dates, numbers, lists and messages in the six languages of the United Nations."""
