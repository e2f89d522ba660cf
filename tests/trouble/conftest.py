"""The operator and the simulated Telegram of the command line's tests."""

from tests.cli.conftest import imported, operator, school, telegram

__all__ = ["imported", "operator", "school", "telegram"]
