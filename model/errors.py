"""Errors that end a command with one line that says what to do; the one place that knows the exit codes."""


class EarmarkError(Exception):
    """Something failed; exit code 1."""

    exit_code = 1


class UsageError(EarmarkError):
    """What was asked for cannot be done as asked; exit code 2."""

    exit_code = 2


class ConfigError(UsageError):
    """A configuration file, or a value in it, cannot be used."""


class ContractError(EarmarkError):
    """A model file breaks a rule of the model contract."""


class TaggerError(EarmarkError):
    """The model failed on one batch; the next batch may be well again."""
