"""The pages of a report: fragments of HTML, one page per notebook, the index, one file and paper."""
