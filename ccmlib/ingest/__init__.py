"""Readers of the raw exports: from any spreadsheet or text file to rows that name the cell they came from."""
