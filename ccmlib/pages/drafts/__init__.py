"""Drafts to work on: the official document in Word, made of what the sections recorded."""
