"""What a PDF written anew may hold: for each kind of dictionary its keys, and the kind of what they
hold.

`plain`: names, numbers, truth values and lists of them. `[x]`: a list of x; `{x}`: x by names of
the document's own. A kind that stands here is a dictionary or, with bytes of its kind, a stream.
"""

from __future__ import annotations


def _plain(keys: str, **more: str) -> dict[str, str]:
    shape = {f"/{key}": "plain" for key in keys.split()}
    return {**shape, **{f"/{key}": kind for key, kind in more.items()}}


_NOTE = _plain(
    "Type Subtype Rect C F Border BS QuadPoints InkList L Vertices CA IC LE Name Open",
    Contents="text",
    DA="text",
    AP="appearance",
)
SHAPES: dict[str, dict[str, str]] = {
    "page": _plain(
        "Type MediaBox CropBox BleedBox TrimBox ArtBox Rotate UserUnit",
        Resources="resources",
        Group="group",
        Annots="[annotation]",
    ),
    "resources": _plain(
        "ProcSet",
        Font="{font}",
        XObject="{xobject}",
        ColorSpace="{colours}",
        Pattern="{pattern}",
        Shading="{shading}",
        ExtGState="{state}",
        Properties="{layer}",
    ),
    "font": _plain(
        "Type Subtype BaseFont Name FirstChar LastChar Widths W DW W2 DW2 FontBBox FontMatrix",
        Encoding="encoding",
        FontDescriptor="descriptor",
        ToUnicode="data",
        DescendantFonts="[font]",
        CIDSystemInfo="characters",
        CIDToGIDMap="data",
        CharProcs="{drawing}",
        Resources="resources",
    ),
    "characters": _plain("Supplement", Registry="text", Ordering="text"),
    "descriptor": _plain(
        "Type FontName Flags FontBBox ItalicAngle Ascent Descent CapHeight StemV StemH XHeight"
        " Leading AvgWidth MaxWidth MissingWidth FontStretch FontWeight",
        FontFile="data",
        FontFile2="data",
        FontFile3="data",
    ),
    "encoding": _plain(
        "Type BaseEncoding Differences CMapName WMode UseCMap", CIDSystemInfo="characters"
    ),
    "data": _plain("Subtype Length1 Length2 Length3"),
    "drawing": {},
    "form": _plain(
        "Type Subtype FormType BBox Matrix", Resources="resources", Group="group", OC="layer"
    ),
    "image": _plain(
        "Type Subtype Width Height BitsPerComponent Intent ImageMask Decode Interpolate Matte",
        ColorSpace="colours",
        Mask="mask",
        SMask="image",
        OC="layer",
    ),
    "function": _plain(
        "FunctionType Domain Range Size BitsPerSample Order Encode Decode C0 C1 N Bounds",
        Functions="[function]",
    ),
    "calibrated": _plain("WhitePoint BlackPoint Gamma Matrix Range"),
    "pattern": _plain(
        "Type PatternType PaintType TilingType BBox XStep YStep Matrix",
        Resources="resources",
        Shading="shading",
        ExtGState="state",
    ),
    "shading": _plain(
        "ShadingType Background BBox AntiAlias Coords Domain Extend Matrix BitsPerCoordinate"
        " BitsPerComponent BitsPerFlag VerticesPerRow Decode",
        ColorSpace="colours",
        Function="functions",
    ),
    "state": _plain(
        "Type LW LC LJ ML D RI OP op OPM FL SM SA BM CA ca AIS TK", SMask="soft", Font="sized"
    ),
    "soft": _plain("Type S BC", G="form"),
    "group": _plain("Type S I K", CS="colours"),
    "layer": _plain("Type P", OCGs="layers"),
    "layers": _plain("Type P", OCGs="layers"),
    "layering": {"/OCGs": "[layer]", "/D": "shown"},
    "shown": {"/BaseState": "plain", "/ON": "[layer]", "/OFF": "[layer]"},
    "note": _NOTE,
    "link": _plain("Type Subtype Rect C F H Border BS QuadPoints", A="action"),
    "widget": _plain("Type Subtype Rect F", AP="appearance"),
    "appearance": {"/N": "look", "/D": "look", "/R": "look"},
    "look": {},
    "action": _plain("Type S", URI="text"),
}
# Annotations that are kept, by their kind; all others fall out.
ANNOTATIONS = {
    "/Link": "link",
    "/Widget": "widget",
    **dict.fromkeys(
        "/Text /FreeText /Line /Square /Circle /Polygon /PolyLine /Highlight /Underline"
        " /Squiggly /StrikeOut /Caret /Stamp /Ink".split(),
        "note",
    ),
}
# Kinds whose bytes are a drawing: comments and descriptions stand in them.
DRAWINGS = {"form", "drawing", "pattern"}
