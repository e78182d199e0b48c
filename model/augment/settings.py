"""How windows are mixed: shares, levels and ranges, with the values of the shipped recipe."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


def _sums_to_one(shares: tuple[float, ...]) -> tuple[float, ...]:
    if abs(sum(shares) - 1) > 1e-6:
        raise ValueError("the shares must sum to 1")
    return shares


def _rises(span: tuple[float, ...]) -> tuple[float, ...]:
    if list(span) != sorted(span):
        raise ValueError("the lower end must come first")
    return span


def _spreads(triangle: tuple[float, float, float]) -> tuple[float, float, float]:
    if not triangle[0] < triangle[2]:
        raise ValueError("the lowest must lie below the highest")
    return triangle


Share = Annotated[float, Field(ge=0, le=1)]
Shares = Annotated[tuple[Share, ...], Field(min_length=1, max_length=6), AfterValidator(_sums_to_one)]
Span = Annotated[tuple[float, float], AfterValidator(_rises)]
Triangle = Annotated[tuple[float, float, float], AfterValidator(_rises), AfterValidator(_spreads)]
Factor = Annotated[float, Field(ge=0.5, le=2)]
PartOfWindow = Annotated[float, Field(ge=0.01, le=0.99)]


class MixSettings(BaseModel):
    """Shares are of windows, or of sounds where said so; a pair is a range that is drawn from evenly.

    counts: shares of windows with 0, 1, 2 … (up to 5) sounds.
    balance_db: level of every sound but the first, against the first.
    speed_share, speed: sounds of continuous playing that are played at another speed (and pitch), and the factor.
    looped: a sound shorter than the window is repeated until it fills it; else it stands somewhere in it.
    effects: the chain of `effects.CHAINS` that every sound passes; "none" leaves it out.
    amplified_share: clean electric guitars that are played through an amplifier and become distorted ones.
    colour_share: sounds that pass a microphone's colour and, mostly, a room.
    bleed_share, bleed_db: windows with one more sound, from another input, and its level against the first sound.
    bleed_unknown_db: bleed above this level is neither taught nor taught as wrong.
    late_share: windows whose sound begins within them; attack_share: those of them that begin with a true attack.
    early_end_share: windows whose sound ends within them; heard_s: seconds of sound that stay in both.
    level_dbfs: lowest, likeliest and highest level (RMS of what sounds); peaks stay at or under 0 dBFS.
    noise_share, noise_below_db: windows with noise, and how far below the sound; hum_share: noises that hum.
    codec_share: windows that went through a coarse codec.
    clip_share, clip_db: windows that are clipped, and the gain that clips them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    counts: Shares = (0.07, 0.47, 0.28, 0.11, 0.05, 0.02)
    balance_db: Span = (-10.0, 0.0)
    speed_share: Share = 0.3
    speed: Annotated[tuple[Factor, Factor], AfterValidator(_rises)] = (0.95, 1.06)
    looped: bool = False
    effects: Literal["none", "live", "cod"] = "live"
    amplified_share: Share = 0.1
    colour_share: Share = 0.5
    bleed_share: Share = 0.2
    bleed_db: Span = (-30.0, -12.0)
    bleed_unknown_db: float = -22.0
    late_share: Share = 0.2
    attack_share: Share = 0.5
    early_end_share: Share = 0.1
    heard_s: Annotated[tuple[PartOfWindow, PartOfWindow], AfterValidator(_rises)] = (0.1, 0.9)
    level_dbfs: Triangle = (-45.0, -22.0, 0.0)
    noise_share: Share = 0.5
    noise_below_db: Span = (15.0, 60.0)
    hum_share: Share = 0.4
    codec_share: Share = 0.02
    clip_share: Share = 0.04
    clip_db: Span = (6.0, 18.0)
