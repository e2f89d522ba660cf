"""`python -m bot.cli` is `stagebot`."""

from bot.cli.app import main

main()
