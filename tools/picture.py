"""The picture of the wings (ARCHITECTURE.svg), drawn from the imports: `python -m tools.picture` writes it anew."""

import ast
import textwrap
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
#: wing -> left, top, width, height of its box
BOXES = {
    "desk": (20, 20, 920, 80),
    "inputs": (90, 150, 250, 110),
    "planning": (400, 150, 250, 110),
    "papers": (690, 150, 250, 110),
    "sheets": (150, 310, 240, 110),
    "words": (20, 470, 920, 60),
}
#: (wing, wing it imports) -> where its arrow goes down, past all boxes between; one that has no lane may not be
LANES = {
    ("desk", "inputs"): 215,
    ("desk", "planning"): 525,
    ("desk", "papers"): 815,
    ("desk", "sheets"): 370,
    ("desk", "words"): 55,
    ("inputs", "sheets"): 245,
    ("inputs", "words"): 120,
    ("planning", "words"): 525,
    ("papers", "words"): 815,
    ("sheets", "words"): 270,
}
HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 550" font-family="sans-serif" font-size="13">\n'
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="10" refY="5" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 0 10 5 0 10z" fill="#567"/></marker></defs>\n'
    '<rect width="960" height="550" fill="#fff"/>'
)


def rooms(wing):
    """Return the folders and modules of a wing."""
    paths = sorted((ROOT / "enforce" / wing).iterdir())
    folders = [f"{path.name}/" for path in paths if (path / "__init__.py").exists()]
    return [*folders, *(path.stem for path in paths if path.suffix == ".py" and path.stem != "__init__")]


def doors():
    """Return which wing imports which other."""
    known = set()
    for wing in BOXES:
        for path in (ROOT / "enforce" / wing).rglob("*.py"):
            nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
            names = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)}
            names |= {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names}
            known |= {(wing, name.split(".")[1]) for name in names if name.startswith("enforce.")}
    return sorted((wing, other) for wing, other in known if wing != other)


def box(wing):
    """Return a wing as a box with its rooms."""
    left, top, width, height = BOXES[wing]
    lines = textwrap.wrap(" · ".join(rooms(wing)), width // 7, break_long_words=False)
    texts = "".join(
        f'\n<text x="{left + 12}" y="{top + 44 + 17 * n}" fill="#345">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    return (
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6" fill="#eef3f7" stroke="#567"/>\n'
        f'<text x="{left + 12}" y="{top + 24}" font-size="16" font-weight="bold">{wing}/</text>{texts}'
    )


def arrow(wing, other):
    """Return the arrow from a wing down to one that it imports."""
    _, top, _, height = BOXES[wing]
    x, below = LANES[wing, other], BOXES[other][1]
    return f'<path d="M{x} {top + height}V{below}" stroke="#567" marker-end="url(#tip)"/>'


def picture():
    """Return the picture as SVG: an arrow goes from the wing that imports to the one that is imported."""
    return "\n".join([HEAD, *(arrow(*door) for door in doors()), *map(box, BOXES), "</svg>\n"])


if __name__ == "__main__":
    (ROOT / "ARCHITECTURE.svg").write_text(picture(), encoding="utf-8")
