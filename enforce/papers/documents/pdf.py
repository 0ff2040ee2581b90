"""A proof (校样): documents as PDF, where LibreOffice is installed; the papers handed up are the Word files."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pylopdf_fonts_zh_cn as chinese_fonts

from enforce.words.files import OutputError, write_atomic

NO_OFFICE = "没有装 LibreOffice，没有另存 PDF；在 Word 或 WPS 里打开后另存即可。"
_PATIENCE = 600  # seconds for all of them
_SERIFS = ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "宋体")
_LIKE = (*((name, "Noto Serif SC") for name in _SERIFS), ("黑体", "Noto Sans SC"))
_SUBSTITUTES = (
    f"<alias binding='same'><family>{name}</family><accept><family>{font}</family></accept></alias>"
    for name, font in _LIKE
)
#: What the computer has comes first; a Linux without any Chinese font would print boxes.
_FONTS = f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <include ignore_missing="yes">/etc/fonts/fonts.conf</include>
  <dir>{chinese_fonts.sans_path().parent}</dir>
  {"".join(_SUBSTITUTES)}
</fontconfig>
"""


def proofs(documents: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return each document as PDF, by name of file; none where no LibreOffice is installed.

    OutputError where LibreOffice makes fewer files than it was given.
    """
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if not office or not documents:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for n, content in enumerate(documents.values()):
            write_atomic(place / f"{n}.docx", content)
        files = [str(place / f"{n}.docx") for n in range(len(documents))]
        write_atomic(place / "fonts.conf", _FONTS.encode())
        profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
        command = [office, "--headless", profile, "--convert-to", "pdf", "--outdir", folder, *files]
        here = os.environ | {"FONTCONFIG_FILE": str(place / "fonts.conf")}
        subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False, env=here)
        made = {name: place / f"{n}.pdf" for n, name in enumerate(documents)}
        missing = [name for name, path in made.items() if not path.is_file()]
        if missing:
            raise OutputError(f"LibreOffice 没有转出 PDF：{'、'.join(missing)}。")
        return {f"{Path(name).stem}.pdf": path.read_bytes() for name, path in made.items()}
