"""Run the `ccm` command with `python -m ccmlib`."""

from ccmlib.run.cli import main

if __name__ == "__main__":  # a worker process imports this module too, and must not run the command again
    raise SystemExit(main())
