"""What the slides wear: the decks' master, theme and layouts, made anew for each guide in its colours.

python-pptx can fill layouts but not make them, so its own template is the raw material: the layouts' XML is written
here, its theme gets our colours and fonts, and its leftovers (4:3, printer settings, a thumbnail) go. A trainer
finds a normal PowerPoint template: named layouts, placeholders with prompts, colours of the theme.

Coordinates are points on a slide of 960 by 540. Text boxes but panels have no inner margins, so a box is what text may fill.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from xml.sax.saxutils import escape

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml import parse_xml
from pptx.presentation import Presentation as Deck

WIDTH, HEIGHT = 960, 540
EMU = 12700  # a point

# On machines with Microsoft Office since 2007, Google Slides has it too, and LibreOffice and Linux bring Carlito,
# which is as wide letter for letter: slides break their lines alike everywhere, and nothing need be embedded.
FONT = "Calibri"

SMALL, SMALLEST_TEXT = 16, 18  # sources, links and labels; everything else

# Placeholder numbers. A slide's boxes keep them, whatever its layout: a trainer can change the layout of a slide.
CHIP, EYEBROW, FACTS, BODY, SECOND, SOURCE, LINK, QR, PICTURE = 20, 21, 22, 1, 2, 23, 24, 25, 26
TITLE, NUMBER = 0, 27

NAMESPACES = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
)


@dataclass(frozen=True)
class Box:
    """A placeholder of a layout: where it stands and how its text is set. Sizes in points, colours by theme name."""

    index: int
    name: str
    prompt: str
    x: float
    y: float
    w: float
    h: float
    kind: str = "body"
    size: float = 22
    bold: bool = False
    colour: str = "tx1"
    anchor: str = "t"
    align: str = "l"
    spacing: float = 1.0  # of lines
    before: float = 0  # points above each paragraph but the first
    bullet: bool = False
    fill: str = ""  # a theme colour: the box is then a chip or a panel
    inset: float = 0  # between a panel's edge and its text


@dataclass(frozen=True)
class Layout:
    """A layout: what it is called, its shapes behind the text (x, y, w, h, theme colour, round) and its boxes."""

    name: str
    boxes: tuple[Box, ...]
    shapes: tuple[tuple[float, float, float, float, str, bool], ...] = ()
    background: str = "bg1"
    kind: str = ""  # PowerPoint's own word for the layout, where it has one
    grows: bool = True  # a title of more lines than the layout's one pushes down what stands below
    title_lines: int = 2

    def box(self, index: int) -> Box:
        """The box of that number. Raises KeyError if the layout has none."""
        return {box.index: box for box in self.boxes}[index]

    def has(self, index: int) -> bool:
        return any(box.index == index for box in self.boxes)


LIST_INDENT, LEVEL_INDENT = 28, 26  # points from a list's mark to its text, and from level to level

_chip = Box(CHIP, "Code", "Code", 54, 34, 88, 28, size=SMALL, bold=True, colour="bg1", anchor="ctr", align="ctr", fill="accent1")
_eyebrow = Box(EYEBROW, "Kind", "What it is, and of which chapter", 154, 34, 660, 28, size=SMALL, colour="tx2", anchor="ctr")
_title = Box(TITLE, "Title", "Title", 54, 72, 858, 36, "title", size=30, bold=True, spacing=0.9)
_number = Box(NUMBER, "Slide number", "", 852, 34, 60, 28, "sldNum", size=SMALL, colour="tx2", anchor="ctr", align="r")
_link = Box(LINK, "Short address", "Short address", 54, 486, 690, 30, size=18, bold=True, colour="accent1", anchor="ctr")
_qr = Box(QR, "QR code", "QR code", 786, 390, 126, 126, "pic")
_body = Box(BODY, "Text", "Text", 54, 126, 700, 346, size=24, before=8, bullet=True)
_strip = (0, 0, 14, HEIGHT, "accent1", False)


def _with(box: Box, **changes) -> Box:
    return replace(box, **changes)


# As the picture of a pasted address: the guide's colour above, a band of paper below.
COVER = Layout(
    "Cover",
    (
        Box(EYEBROW, "Series", "Series", 72, 54, 560, 30, size=20, bold=True, colour="bg1"),
        Box(TITLE, "Title", "Title", 72, 150, 560, 150, "ctrTitle", size=44, bold=True, colour="bg1", anchor="b", spacing=0.9),
        Box(BODY, "Subtitle", "Subtitle", 72, 316, 560, 70, "subTitle", size=22, colour="bg1"),
        Box(PICTURE, "Drawing", "Drawing", 640, 54, 248, 141, "pic"),
        Box(LINK, "Short address", "Short address", 72, 466, 600, 34, size=20, bold=True, colour="accent1", anchor="ctr"),
        Box(QR, "QR code", "QR code", 742, 340, 146, 146, "pic"),
    ),
    ((0, 426, WIDTH, 114, "bg2", False), (728, 326, 174, 174, "bg1", True)),
    background="accent1",
    kind="title",
    grows=False,
)
CHAPTER = Layout(
    "Chapter",
    (
        Box(CHIP, "Code", "Code", 33, 34, 170, 70, size=54, bold=True, colour="bg1"),
        _with(_eyebrow, x=260, w=580),
        _with(_title, x=260, w=652, size=32, h=38),
        _with(_body, x=260, y=130, w=652, h=342, size=24),
        _with(_link, x=260, w=652),
        Box(QR, "QR code", "QR code", 45, 373, 126, 126, "pic"),
        _number,
    ),
    ((0, 0, 216, HEIGHT, "accent1", False), (33, 361, 150, 150, "bg1", True)),
)
TEXT = Layout("Text", (_chip, _eyebrow, _title, _body, _link, _qr, _number), (_strip,), kind="obj")
LISTED = Layout(
    "Codes", (_chip, _eyebrow, _title, _with(_body, y=134, h=338, size=26, before=14, bullet=False), _link, _qr, _number), (_strip,)
)
EXERCISE = Layout(
    "Exercise",
    (
        _chip, _eyebrow, _title,
        Box(FACTS, "Minutes, group, material", "Minutes, group, material", 54, 112, 858, 24, size=18, colour="tx2"),
        _with(_body, y=158, h=314), _link, _qr, _number,
    ),
    (_strip,),
)  # fmt: skip
CASE = Layout(
    "Case",
    (_chip, _eyebrow, _title, _with(_body, size=28, fill="bg2", inset=24, bullet=False), _link, _qr, _number),
    (_strip,),
)
FIGURE = Layout(
    "Figure",
    (
        _chip, _with(_eyebrow, w=240), _with(_title, w=410, h=172),
        Box(PICTURE, "Drawing", "Drawing", 490, 20, 434, 500, "pic"),
        Box(SOURCE, "Source", "Source", 54, 250, 410, 98, size=SMALL, colour="tx2", anchor="b"),
        _with(_link, w=430), _with(_qr, x=54, y=360, w=118, h=118), _with(_number, x=404),
    ),
    (_strip,), grows=False,
)  # fmt: skip
COLUMNS = Layout(
    "Two columns",
    (
        _chip, _eyebrow, _title, _with(_body, w=340, size=22, bullet=False),
        _with(_body, index=SECOND, name="Text, right", x=414, w=340, size=22, bullet=False), _link, _qr, _number,
    ),
    (_strip,), kind="twoObj",
)  # fmt: skip
QUESTION = Layout(
    "Question", (_chip, _eyebrow, _title, _with(_body, size=26, before=12), _link, _qr, _number), (_strip,), title_lines=3
)
TABLE = Layout(
    "Table",
    (
        _chip, _eyebrow, _title, Box(FACTS, "Leading in", "Leading in", 54, 114, 858, 24, size=20),
        Box(BODY, "Text below", "Text below", 54, 400, 700, 72, size=20, before=6, bullet=True), _link, _qr, _number,
    ),
    (_strip,),
)  # fmt: skip
# A table may be as wide as the title if it ends above the QR code.
TABLE_TOP, TABLE_SIZE, TABLE_WIDE, TABLE_NARROW = 126, 18, 858, 700
ABOVE_QR, ABOVE_LINK = 380, 474

LAYOUTS = (COVER, CHAPTER, TEXT, LISTED, EXERCISE, CASE, FIGURE, COLUMNS, QUESTION, TABLE)


def _offset(x: float, y: float, w: float, h: float) -> str:
    return f'<a:xfrm><a:off x="{round(x * EMU)}" y="{round(y * EMU)}"/><a:ext cx="{round(w * EMU)}" cy="{round(h * EMU)}"/></a:xfrm>'


def _solid(colour: str) -> str:
    return f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'


def _level(number: int, box: Box) -> str:
    """The paragraph style of one list level."""
    size = box.size if number == 1 else max(SMALLEST_TEXT if box.size >= SMALLEST_TEXT else SMALL, box.size - 2)
    left = (LIST_INDENT if box.bullet else 0) + (number - 1) * LEVEL_INDENT
    mark = '<a:buFont typeface="Arial"/><a:buChar char="&#8226;"/>' if box.bullet else "<a:buNone/>"
    indent = -LIST_INDENT if box.bullet else 0
    before = box.before if number == 1 else box.before / 2
    return (
        f'<a:lvl{number}pPr marL="{left * EMU}" indent="{indent * EMU}" algn="{box.align}" rtl="0" eaLnBrk="1" hangingPunct="1">'
        f'<a:lnSpc><a:spcPct val="{round(box.spacing * 100000)}"/></a:lnSpc><a:spcBef><a:spcPts val="{round(before * 100)}"/></a:spcBef>'
        f'<a:spcAft><a:spcPts val="0"/></a:spcAft>'
        + (f"<a:buClr><a:schemeClr val=\"accent1\"/></a:buClr>{mark}" if box.bullet else mark)
        + f'<a:defRPr lang="en-GB" sz="{round(size * 100)}" b="{int(box.bold)}" kern="1200">{_solid(box.colour)}'
        f'<a:latin typeface="+mn-lt"/><a:ea typeface="+mn-ea"/><a:cs typeface="+mn-cs"/></a:defRPr></a:lvl{number}pPr>'
    )


def _placeholder(box: Box, identity: int, master: bool = False) -> str:
    index = "" if box.index == TITLE else f' idx="{box.index}"'
    form, turn = ("roundRect", f'<a:gd name="adj" fmla="val {round(6 / min(box.w, box.h) * 100000)}"/>') if box.fill else ("rect", "")
    geometry = f'<a:prstGeom prst="{form}"><a:avLst>{turn}</a:avLst></a:prstGeom>'
    inset = round(box.inset * EMU)
    style = "".join(_level(number, box) for number in range(1, 6 if box.kind == "body" else 2))
    prompt = escape(box.prompt)
    if box.kind == "sldNum":
        text = '<a:p><a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr lang="en-GB"/><a:t>&#8249;#&#8250;</a:t></a:fld></a:p>'
    else:
        text = f'<a:p><a:pPr lvl="0"/><a:r><a:rPr lang="en-GB"/><a:t>{prompt}</a:t></a:r></a:p>'
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{identity}" name="{escape(box.name)}"/><p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr>'
        f'<p:nvPr><p:ph type="{box.kind}"{index}{"" if master or box.kind in ("title", "ctrTitle", "pic") else " sz=" + chr(34) + "quarter" + chr(34)}/></p:nvPr></p:nvSpPr>'
        f"<p:spPr>{_offset(box.x, box.y, box.w, box.h)}{geometry}{_solid(box.fill) if box.fill else ''}</p:spPr>"
        f'<p:txBody><a:bodyPr vert="horz" wrap="square" lIns="{inset}" tIns="{inset}" rIns="{inset}" bIns="{inset}" rtlCol="0" anchor="{box.anchor}"><a:normAutofit/></a:bodyPr>'
        f"<a:lstStyle>{style}</a:lstStyle>{text}</p:txBody></p:sp>"
    )


def _shape(identity: int, x: float, y: float, w: float, h: float, colour: str, rounded: bool) -> str:
    """A shape of the layout itself, behind the text; it says nothing, and is marked so for those who listen."""
    turn = f'<a:gd name="adj" fmla="val {round(10 / min(w, h) * 100000)}"/>' if rounded else ""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{identity}" name="Ground {identity}"><a:extLst><a:ext uri="{{C183D7F6-B498-43B3-948B-1728B52AA6E4}}">'
        '<adec:decorative xmlns:adec="http://schemas.microsoft.com/office/drawing/2017/decorative" val="1"/></a:ext></a:extLst></p:cNvPr>'
        f'<p:cNvSpPr/><p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>{_offset(x, y, w, h)}'
        f'<a:prstGeom prst="{"roundRect" if rounded else "rect"}"><a:avLst>{turn}</a:avLst></a:prstGeom>{_solid(colour)}<a:ln><a:noFill/></a:ln></p:spPr>'
        '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr lang="en-GB"/></a:p></p:txBody></p:sp>'
    )


def _tree(name: str, background: str, inside: list[str]) -> etree._Element:
    return parse_xml(
        f'<p:cSld {NAMESPACES} name="{escape(name)}"><p:bg><p:bgPr>{_solid(background)}<a:effectLst/></p:bgPr></p:bg><p:spTree>'
        '<p:nvGrpSpPr><p:cNvPr id="1" name=""/><p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="0" y="0"/>'
        '<a:ext cx="0" cy="0"/><a:chOff x="0" y="0"/><a:chExt cx="0" cy="0"/></a:xfrm></p:grpSpPr>'
        f"{''.join(inside)}</p:spTree></p:cSld>"
    )


def _dress_layout(part, layout: Layout) -> None:
    element = part._element
    shapes = [_shape(2 + n, *shape) for n, shape in enumerate(layout.shapes)]
    boxes = [_placeholder(box, 2 + len(shapes) + n) for n, box in enumerate(layout.boxes)]
    old = element.find("{*}cSld")
    element.replace(old, _tree(layout.name, layout.background, shapes + boxes))
    element.attrib.pop("type", None)
    if layout.kind:
        element.set("type", layout.kind)
    element.set("preserve", "1")


def _dress_master(master) -> None:
    element = master._element
    boxes = [_with(_title), _with(_body), _number]
    element.replace(element.find("{*}cSld"), _tree("", "bg1", [_placeholder(box, 2 + n, master=True) for n, box in enumerate(boxes)]))
    element.find("{*}cSld").attrib.pop("name")
    styles = element.find("{*}txStyles")
    for name, box in (("titleStyle", _title), ("bodyStyle", _body)):
        levels = "".join(_level(number, box) for number in range(1, 2 if name == "titleStyle" else 6))
        styles.replace(styles.find(f"{{*}}{name}"), parse_xml(f"<p:{name} {NAMESPACES}>{levels}</p:{name}>"))


def _theme(blob: bytes, name: str, roles: dict[str, str]) -> bytes:
    """python-pptx's theme with our colours and font, without its shadows and gradients."""
    theme = etree.fromstring(blob)
    a = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    theme.set("name", name)
    colours = theme.find(f".//{a}clrScheme")
    colours.set("name", name)
    given = dict(
        dk1="ink", lt1="paper", dk2="soft", lt2="tint", accent1="accent", accent2="accent-tint", accent3="hair",
        accent4="bar-2", accent5="rule", accent6="caution", hlink="accent", folHlink="accent",
    )  # fmt: skip
    for element in colours:
        for child in list(element):
            element.remove(child)
        etree.SubElement(element, f"{a}srgbClr", val=roles[given[etree.QName(element).localname]].lstrip("#").upper())
    fonts = theme.find(f".//{a}fontScheme")
    fonts.set("name", name)
    for latin in fonts.iter(f"{a}latin"):
        latin.set("typeface", FONT)
    flat = f'<a:solidFill xmlns:a="{a[1:-1]}"><a:schemeClr val="phClr"/></a:solidFill>'
    for listing in ("fillStyleLst", "bgFillStyleLst"):
        element = theme.find(f".//{a}{listing}")
        for child in list(element):
            element.replace(child, etree.fromstring(flat))
    for effect in theme.iter(f"{a}effectStyle"):
        for child in list(effect):
            effect.remove(child)
        etree.SubElement(effect, f"{a}effectLst")
    return etree.tostring(theme, xml_declaration=True, encoding="UTF-8", standalone=True)


APP = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>Microsoft Office PowerPoint</Application><PresentationFormat>Widescreen</PresentationFormat></Properties>"
)


def template(name: str, roles: dict[str, str]) -> Deck:
    """An empty deck of 16:9 with our master and layouts, in the colours of `roles` (see `guidebook.colours`)."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH * EMU, HEIGHT * EMU
    root = deck.part._element
    root.find("{*}sldSz").attrib.pop("type", None)
    for extra in root.findall("{*}extLst"):
        root.remove(extra)
    for properties in root.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}defRPr"):
        if properties.get("lang"):
            properties.set("lang", "en-GB")
    for holder, kinds in ((deck.part, ("printerSettings",)), (deck.part.package, ("thumbnail",))):
        for key, rel in list(holder._rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] in kinds:
                holder._rels.pop(key)
    for part in deck.part.package.iter_parts():
        if str(part.partname) == "/docProps/app.xml":
            part._blob = APP
    master = deck.slide_master
    theme = master.part.part_related_by(RT.THEME)
    theme._blob = _theme(theme.blob, name, roles)
    for spare in list(deck.slide_layouts)[len(LAYOUTS) :]:
        deck.slide_layouts.remove(spare)
    _dress_master(master)
    for part, layout in zip(deck.slide_layouts, LAYOUTS, strict=True):
        _dress_layout(part, layout)
    return deck


def layout_of(deck: Deck, layout: Layout):
    """The deck's own layout that wears `layout`."""
    return deck.slide_layouts[LAYOUTS.index(layout)]
