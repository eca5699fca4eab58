"""Figures: counted, compared over time and with what was published, projected, and said in sentences."""
