"""Plots drawn by templates: numbers become points here, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

WIDTH, HEIGHT = 720, 220
LEFT, RIGHT, TOP, BOTTOM = 44, 24, 12, 28


@dataclass(frozen=True)
class Mark:
    """A label on an axis, and where it stands."""

    at: float
    label: str


@dataclass(frozen=True)
class Curve:
    """One line: its name, how it is drawn, and its pieces; where there is no number it is interrupted."""

    name: str
    style: str
    pieces: list[str]
    dots: list[tuple[float, float]]
    """Numbers that stand alone between gaps."""


@dataclass(frozen=True)
class Shares:
    """Percentages by day, from 0 to 100, as an SVG of a fixed view box that scales with its place."""

    curves: list[Curve]
    days: list[Mark]
    shares: list[Mark]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM


def shares_by_day(days: Sequence[date], curves: Mapping[tuple[str, str], Sequence[float | None]]) -> Shares:
    """Curves by (name, style), each with one percentage or None for each day."""
    step = (WIDTH - LEFT - RIGHT) / max(len(days) - 1, 1)
    every = max(1, len(days) // 6)
    return Shares(
        curves=[_curve(name, style, values, step) for (name, style), values in curves.items()],
        days=[Mark(LEFT + index * step, f"{day:%m-%d}") for index, day in enumerate(days) if index % every == 0],
        shares=[Mark(_height_of(share), f"{share} %") for share in (0, 50, 100)],
    )


def _curve(name: str, style: str, values: Sequence[float | None], step: float) -> Curve:
    pieces: list[list[tuple[float, float]]] = [[]]
    for index, value in enumerate(values):
        if value is None:
            pieces.append([])
        else:
            pieces[-1].append((round(LEFT + index * step, 1), round(_height_of(value), 1)))
    return Curve(
        name=name,
        style=style,
        pieces=[" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1],
        dots=[piece[0] for piece in pieces if len(piece) == 1],
    )


def _height_of(share: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * share / 100
