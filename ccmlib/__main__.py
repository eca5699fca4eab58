"""Run the `ccm` command with `python -m ccmlib`."""

from .cli import main

raise SystemExit(main())
