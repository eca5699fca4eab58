"""What a notebook opens: its section of the report, and the rows and controls of explore.ipynb."""
