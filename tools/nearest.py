"""Say that make has no such target, and name the nearest."""

import difflib
import re
import sys
from pathlib import Path

targets = re.findall(r"^([a-z-]+):.*## ", Path(__file__).parent.with_name("Makefile").read_text(encoding="utf-8"), re.M)
near = difflib.get_close_matches(sys.argv[1].lower(), targets, 1)
perhaps = f"; perhaps: make {near[0]}" if near else ""
sys.exit(f"make has no target {sys.argv[1]!r}{perhaps}. There are: {', '.join(targets)}")
