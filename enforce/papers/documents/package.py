"""A package (打包): the parts of a Word file zipped so that the bytes depend on the contents alone."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

_DATED = (1980, 1, 1, 0, 0, 0)
#: What of a Word file its reader does not see: its name, in which parts, what shows it.
_UNSEEN = (
    ("批注", r"word/comments.*", rb"<w:comment "),
    ("修订标记", r"word/(document|header|footer|footnotes|endnotes).*", rb"<w:(ins|del|moveFrom|moveTo) "),
    (
        "隐藏的文字",
        r"word/(document|header|footer|footnotes|endnotes).*",
        rb"<w:vanish ?/>|<w:vanish w:val=\"(1|true|on)",
    ),
    ("图片里的拍摄信息", r"word/media/.*", rb"Exif\0\0|eXIf|ns\.adobe\.com/xap"),
    ("嵌入的文件", r"word/(embeddings|activeX)/.*|word/vbaProject.*", rb""),
)
_PROPERTIES = re.compile(rb"(<Properties[^>]*[^/])>.*</Properties>", re.DOTALL)


def repeatable(made: BytesIO, change: Callable[[str, bytes], bytes] = lambda _, content: content) -> bytes:
    """Return a Word file with every part in order and dated alike; `change` may give a part another content."""
    packed = BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for part in sorted(old.namelist()):
            new.writestr(zipfile.ZipInfo(part, _DATED), change(part, old.read(part)), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def bare_properties(part: str, content: bytes) -> bytes:
    """Return a part; what a template says besides of its writer and his office (docProps/app, custom) is left out."""
    return _PROPERTIES.sub(rb"\1/>", content) if re.fullmatch(r"docProps/(app|custom)\.xml", part) else content


def unseen_parts(content: bytes) -> Iterator[str]:
    """Yield what a Word file holds that its reader does not see: comments, changes, hidden text, where a picture is of.

    >>> made = BytesIO()
    >>> with zipfile.ZipFile(made, "w") as parts:
    ...     parts.writestr("word/comments.xml", '<w:comment w:author="甲">先不报</w:comment>')
    >>> list(unseen_parts(made.getvalue()))
    ['批注']
    """
    with zipfile.ZipFile(BytesIO(content)) as parts:
        for name, where, shown_by in _UNSEEN:
            if any(re.search(shown_by, parts.read(one)) for one in parts.namelist() if re.fullmatch(where, one)):
                yield name
