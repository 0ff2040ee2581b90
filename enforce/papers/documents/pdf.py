"""A proof (校样): documents as PDF, where LibreOffice is installed; the papers handed up are the Word files."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from enforce.words.files import OutputError, write_atomic

NO_OFFICE = "没有装 LibreOffice，没有另存 PDF；在 Word 或 WPS 里打开后另存即可。"
_PATIENCE = 600  # seconds for all of them


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
        profile = f"-env:UserInstallation={(place / 'profile').as_uri()}"
        command = [office, "--headless", profile, "--convert-to", "pdf", "--outdir", folder, *files]
        subprocess.run(command, capture_output=True, timeout=_PATIENCE, check=False)
        made = {name: place / f"{n}.pdf" for n, name in enumerate(documents)}
        missing = [name for name, path in made.items() if not path.is_file()]
        if missing:
            raise OutputError(f"LibreOffice 没有转出 PDF：{'、'.join(missing)}。")
        return {f"{Path(name).stem}.pdf": path.read_bytes() for name, path in made.items()}
