"""The page of an approval's record: what was approved, every word on it, and the hashes that tie it to what is kept here.

reportlab draws it, since it takes a TrueType font by its path and embeds only the characters that are used. The font is the
Noto Sans SC inside the package zhplot, read without importing the package.
"""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

_FONT = "NotoSansSC"
_MARGIN = 16 * mm
_MARGINS = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), _MARGIN)
_WIDTH = A4[0] - 2 * _MARGIN
_GRID = [("GRID", (0, 0), (-1, -1), 0.4, colors.lightgrey), ("VALIGN", (0, 0), (-1, -1), "TOP")]
_HEAD = [*_GRID, ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke)]
_FOOTNOTE = "本文件带数字签名，签名后改动任何内容都会被发现。核对：python bot.py verify 本文件，或用任意 PDF 阅读器查看签名。"
_TITLE = ParagraphStyle("title", fontName=_FONT, fontSize=17, leading=24, wordWrap="CJK")
_SECTION = ParagraphStyle("section", fontName=_FONT, fontSize=11, leading=18, spaceBefore=8, wordWrap="CJK")
_TEXT = ParagraphStyle("text", fontName=_FONT, fontSize=8.5, leading=12, wordWrap="CJK")


def draw(about: dict[str, Any]) -> bytes:
    """The PDF of what `about` says (orders/evidence.py), not signed yet."""
    _register()
    out = BytesIO()
    title = f"审批存证 {about['order_no']} 第{about['version']}版"
    page = SimpleDocTemplate(out, pagesize=A4, title=title, author="跟单 Gendan", lang="zh-CN", **_MARGINS)
    page.build(list(_story(about, title)), onFirstPage=_foot(title), onLaterPages=_foot(title))
    return out.getvalue()


def _story(about: dict[str, Any], title: str) -> Sequence[Any]:
    return [
        Paragraph(title, _TITLE),
        _pairs(about["order"]),
        Paragraph("产品", _SECTION),
        _table(("产品", "数量", "单价", "金额", "工艺"), about["lines"], (0.42, 0.15, 0.13, 0.15, 0.15)),
        Paragraph("审批意见", _SECTION),
        _table(("步骤", "席位", "审批人", "意见", "时间", "渠道", "版本"), about["decisions"], (0.2, 0.1, 0.16, 0.21, 0.17, 0.09, 0.07)),
        Paragraph("指纹（SHA-256）", _SECTION),
        _pairs(about["hashes"]),
        Spacer(0, 6 * mm),
        Paragraph(_FOOTNOTE, _TEXT),
    ]


def _pairs(rows: Sequence[Sequence[str]]) -> Table:
    return Table([[_cell(text) for text in row] for row in rows], colWidths=[0.22 * _WIDTH, 0.78 * _WIDTH], style=_GRID)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]) -> Table:
    cells = [[_cell(text) for text in row] for row in (head, *rows)]
    return Table(cells, colWidths=[share * _WIDTH for share in shares], style=_HEAD, repeatRows=1)


def _cell(text: str) -> Paragraph:
    return Paragraph(escape(text), _TEXT)


def _foot(title: str) -> Any:
    def draw_foot(canvas: Canvas, page: SimpleDocTemplate) -> None:
        canvas.setFont(_FONT, 7.5)
        canvas.drawString(_MARGIN, 9 * mm, title)
        canvas.drawRightString(A4[0] - _MARGIN, 9 * mm, f"第 {page.page} 页")

    return draw_foot


@cache
def _register() -> None:
    package = find_spec("zhplot")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("the font of the package zhplot is not installed")
    path = Path(next(iter(package.submodule_search_locations))) / "fonts" / "NotoSansSC-Regular.ttf"
    pdfmetrics.registerFont(TTFont(_FONT, str(path)))
