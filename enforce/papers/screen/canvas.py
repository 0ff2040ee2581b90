"""A canvas (画布): the sheet every chart is drawn on; the Chinese font and the colours are set here, once.

Sizes and lines are those of chart.mplstyle, a style sheet of matplotlib.
"""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from enforce.papers.screen.cells import MONTHS, width

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INSTALLED = (
    "Microsoft YaHei",
    "PingFang SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "WenQuanYi Micro Hei",
    "SimSun",
)

DPI = 110
INK, GREY, RULE, PALE = "#262b33", "#6b7280", "#c9ced6", "#e4e8ee"
#: One colour means one thing on every chart and page: planned and done visits, officer-days needed and those over the
#: limit, firms entered by us and by all that is known. What there is room for is a line of ink.
PLANNED, DONE, NEEDED, OVER = "#8fc1e3", "#0072b2", "#009e73", "#d55e00"
OURS, KNOWN = "#cc79a7", "#7a3b69"
WIDTH = 9
_LEGEND_ROOM = 0.24  # inches

CLEAR = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}  # a text hides the grid behind it

CHART_STYLE = Path(__file__).with_name("chart.mplstyle")


@dataclass(frozen=True, repr=False)
class Chart:
    """A picture with a title; a notebook shows the picture, and its title as text."""

    title: str
    figure: Figure

    def __repr__(self) -> str:
        return f"图：{self.title}"

    def _repr_png_(self) -> bytes:
        with style():
            image = BytesIO()
            self.figure.savefig(image, format="png", dpi=DPI, metadata={"Software": None})
        return image.getvalue()


@cache
def font_families() -> tuple[str, ...]:
    """Return the families to draw with: the packaged Noto Sans SC, else what is installed; then DejaVu."""
    from matplotlib import font_manager

    try:
        import pylopdf_fonts_zh_cn
    except ImportError:
        return (*INSTALLED, "DejaVu Sans")
    font_manager.fontManager.addfont(str(pylopdf_fonts_zh_cn.sans_path()))
    return ("Noto Sans SC", "DejaVu Sans")


@contextmanager
def style() -> Iterator[None]:
    """Draw with our own settings whatever the user's are, and leave his as they were."""
    import matplotlib as mpl

    fonts = logging.getLogger("matplotlib.font_manager")
    level = fonts.level
    fonts.setLevel(logging.ERROR)  # it reports its cache, and each font it misses, on stderr
    try:
        with mpl.rc_context(), warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # it draws □, told of the table
            mpl.rcdefaults()
            mpl.rc_file(CHART_STYLE, use_default_template=False)
            mpl.rcParams["font.family"] = list(font_families())
            yield
    finally:
        fonts.setLevel(level)


def empty_figure(height: float, title: str, mark: str) -> tuple[Figure, float]:
    """Return an empty figure with its heading, and the top of the room below it and its legend (0-1)."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    figure.text(0.012, 1 - 0.09 / height, title, size=12, va="top")
    if mark:
        figure.text(0.012, 1 - 0.37 / height, mark, size=9, va="top", color=OVER)
    return figure, 1 - ((0.62 if mark else 0.4) + _LEGEND_ROOM) / height


def write_legend(figure: Figure, handles: list, top: float) -> None:
    """Explain the colours at the right, above the top of the room."""
    place = (0.99, top + (_LEGEND_ROOM + 0.09) / figure.get_figheight())
    figure.legend(handles=handles, loc="upper right", ncols=len(handles), bbox_to_anchor=place)


def write_unit(figure: Figure, text: str, top: float) -> None:
    """Write the unit where a legend would stand."""
    y = top + _LEGEND_ROOM / figure.get_figheight()
    figure.text(0.985, y, text, size=8.5, ha="right", va="top", color=GREY)


def write_heading(axes: Axes, text: str, unit: str) -> None:
    """Write what the height of a panel measures, with its unit, where a reader begins."""
    axes.set_title(f"{text}（{unit}）", loc="left", x=-0.035, size=9.5, color=INK, pad=8)


def draw_month_axis(axes: Axes) -> None:
    """Name the months along the foot; a few thin lines across."""
    axes.set_xticks(range(1, 13), MONTHS)
    axes.locator_params(axis="y", nbins=4)
    axes.grid(axis="y")
    axes.spines["left"].set_visible(False)


def two_lines(text: str, columns: int = 42) -> str:
    """Break a long name in two at half its width; cut what is longer still. A Chinese character has 2 columns.

    >>> two_lines("工贸综合性专项"), two_lines("危险化学品综合性专项", columns=12)
    ('工贸综合性专项', '危险化学品\\n综合性专项')
    """
    if width(text) <= columns:
        return text
    half = next(n for n in range(len(text)) if 2 * width(text[:n]) >= width(text))
    return f"{_cut_line(text[:half], columns)}\n{_cut_line(text[half:], columns)}"


def short_name(text: str, columns: int = 28) -> str:
    """Return a name that a title has room for.

    >>> short_name("预警、信用较低、风险较高企业执法抽查", columns=12)
    '预警、信用…'
    """
    return _cut_line(text, columns)


def _cut_line(text: str, columns: int) -> str:
    if width(text) <= columns:
        return text
    return text[: next(n for n in range(len(text), 0, -1) if width(text[:n]) < columns)] + "…"
