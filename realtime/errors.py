"""Errors that end a command with one line that says what to do."""

from ..model.errors import EarmarkError, UsageError

__all__ = ["EarmarkError", "UsageError"]
