"""From the configuration to the source that it asks for."""

from ..config import SourceConfig
from ..errors import UsageError
from .base import Source

_DEFAULT_PIPE_RATE = 48_000


def open_source(config: SourceConfig) -> Source:
    """The source of `config`: what it names, else a device.

    Raises UsageError if more than one is named, EarmarkError if it is not there or cannot be opened.
    """
    named = [name for name in ("device", "reastream", "file", "pipe") if getattr(config, name) is not None]
    if len(named) > 1:
        raise UsageError(f"only one source at a time: choose one of {', '.join(named)}")
    if config.file is not None:
        from .file import FileSource

        return FileSource(config.file, config.channels)
    if config.pipe is not None:
        from .pipe import PipeSource

        rate = config.rate or _DEFAULT_PIPE_RATE
        return PipeSource(config.pipe, config.pipe_format, config.pipe_channels, rate, config.channels)
    if config.reastream is not None:
        from .reastream import ReaStreamSource

        return ReaStreamSource.listen(config.reastream, config.reastream_listen, config.channels)
    from .portaudio import PortAudioSource  # imports PortAudio's library, which the others do without

    return PortAudioSource(config.device, config.channels, config.rate, config.blocksize, config.latency)
