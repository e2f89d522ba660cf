"""The command line: `stagebot --help`."""

from bot.cli.app import main

__all__ = ["main"]
