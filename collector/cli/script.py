"""The console command's first line: light, so that Ctrl-C is heard while the rest is loaded."""

from __future__ import annotations

import sys


def script() -> None:
    """Run the command line and end the process with its exit code."""
    try:
        from collector.cli.main import main

        code = main()
    except KeyboardInterrupt:  # before or after the command itself, which hears its own
        code = 130
    sys.exit(code)
