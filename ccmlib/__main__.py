"""Run the `ccm` command with `python -m ccmlib`."""

from ccmlib.run.cli import main

raise SystemExit(main())
