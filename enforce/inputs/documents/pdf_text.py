"""A PDF (PDF 文字层): its lines of text by page; one without text is a scan and refused."""

from __future__ import annotations

import re
from collections.abc import Iterator

from enforce.inputs.documents.word_text import refuse_long
from enforce.sheets.grids.sniff import refusal
from enforce.words.claims import Block

_MOST_PAGES = 500
_NUMBER = re.compile(r"\s*[-—–]?\s*\d{1,3}\s*[-—–]?\s*")


def pdf_passages(raw: bytes, file: str) -> Iterator[Block]:
    """Yield the lines of a PDF's text layer; InputError where it is encrypted, broken, too long or a scan."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(raw)
    except pypdfium2.PdfiumError as error:
        if "assword" in str(error):
            raise refusal(file, "已加密（设有打开密码）", "不加密的文件：请另存为不加密的副本") from None
        raise refusal(file, "不完整或已损坏", "完整的 PDF：请重新下载或另存") from None
    with document:
        if len(document) > _MOST_PAGES:
            raise refusal(file, f"{len(document)} 页", f"{_MOST_PAGES} 页以内的 PDF")
        texts = [page.get_textpage().get_text_range() for page in document]
    if not any(re.search(r"\w", text) for text in texts):
        raise refusal(file, "PDF 里没有文字，像是扫描件", "有文字层的 PDF，或先识别成文字")
    refuse_long(sum(map(len, texts)), file)
    for page, text in enumerate(texts, 1):
        for n, line in enumerate(text.splitlines(), 1):
            if line.strip() and not _NUMBER.fullmatch(line):
                yield Block(file, f"第 {page} 页第 {n} 行", line.strip())
