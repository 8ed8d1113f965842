"""A letter as PDF, to be printed, faxed or read before it goes out.

Chinese is set in STSong-Light, one of the fonts that every PDF reader has to know by name (Adobe-GB1), so no font file
is shipped and none is read. The library's paragraphs understand markup; what people wrote is escaped, so it is text.
"""

import io
from collections.abc import Callable
from datetime import datetime
from xml.sax.saxutils import escape

from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer

from letters.kinds import Standing
from letters.models import Letter, Version

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))

TEXT = ParagraphStyle("text", fontName=FONT, fontSize=11, leading=19, wordWrap="CJK", spaceAfter=6)
HEAD = ParagraphStyle("head", parent=TEXT, fontSize=15, leading=24, spaceBefore=14, spaceAfter=12)
RIGHT = ParagraphStyle("right", parent=TEXT, alignment=TA_RIGHT)
SMALL = ParagraphStyle("small", parent=TEXT, fontSize=9, leading=14, textColor="#555555")


def render(letter: Letter, words: Version, *, at: datetime) -> bytes:
    """The letter on A4, in its language; one that is not approved is marked as a draft on every page."""
    with translation.override(letter.language):
        is_final = letter.standing in {Standing.APPROVED, Standing.SENT} and words.number == letter.number
        day = date_format(localtime(letter.sent_at or at), "DATE_FORMAT")
        unit = letter.ticket.accepting_unit.name
        lines = [
            _paragraph(unit, SMALL),
            Spacer(1, 10 * mm),
            _paragraph(words.addressee, TEXT),
            _paragraph(words.address, TEXT),
            _paragraph(day, RIGHT),
            _paragraph(_("Our reference: %(ticket)s") % {"ticket": letter.ticket.reference}, SMALL),
            _paragraph(words.subject, HEAD),
            *(_paragraph(line, TEXT) for line in words.body.split("\n")),
            Spacer(1, 8 * mm),
            _paragraph(unit, RIGHT),
        ]
        mark = "" if is_final else _("DRAFT – not to be sent")
    file = io.BytesIO()
    SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=25 * mm,
        rightMargin=22 * mm,
        topMargin=25 * mm,
        bottomMargin=22 * mm,
        title=f"{letter.ticket.reference} {words.subject}",
        author=unit,
        invariant=1,  # the same words make the same file
    ).build(lines, onFirstPage=_marked(mark), onLaterPages=_marked(mark))
    return file.getvalue()


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(escape(text) or "&nbsp;", style)


def _marked(mark: str) -> Callable[[Canvas, object], None]:
    def draw(canvas: Canvas, _document: object) -> None:
        """The page's number, and the mark of a draft."""
        canvas.setFont(FONT, 9)
        canvas.drawRightString(A4[0] - 22 * mm, 12 * mm, str(canvas.getPageNumber()))
        if mark:
            canvas.drawString(25 * mm, 12 * mm, mark)

    return draw
