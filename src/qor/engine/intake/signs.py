"""Signs that nobody sees: which fall out of a cell, which make a row unreadable; as SQL, and as
bytes of a text file.

Signs without a shape (zero-width, soft hyphen, byte-order mark, marks of direction) fall out, so
that they never make a new key. Blanks of every kind become the plain blank, and fall away at both
ends. Control signs inside a cell reject the row; a line end or tab inside a text that nothing is
keyed or printed by becomes a blank.
"""

from __future__ import annotations

from collections.abc import Iterable

from qor.engine.storage.duck import literal

_UNSEEN = (
    r"[\x{AD}\x{34F}\x{61C}\x{115F}\x{1160}\x{17B4}\x{17B5}\x{180B}-\x{180F}\x{200B}-\x{200F}"
    r"\x{202A}-\x{202E}\x{2060}-\x{206F}\x{2800}\x{3164}\x{FE00}-\x{FE0F}\x{FEFF}\x{FFA0}"
    r"\x{FFF0}-\x{FFFB}\x{1BCA0}-\x{1BCA3}\x{1D173}-\x{1D17A}\x{E0000}-\x{E0FFF}]"
)
_BLANKS = r"[\x{A0}\x{1680}\x{2000}-\x{200A}\x{202F}\x{205F}\x{3000}]"
_BREAKS = r"[\t\n\x0b\x0c\r\x{85}\x{2028}\x{2029}]"
_EDGES = r"^[\s\x0b\x{85}\x{2028}\x{2029}]+|[\s\x0b\x{85}\x{2028}\x{2029}]+$"
_ERRORS = "REF!|N/A|VALUE!|DIV/0!|NAME[?]|NULL!|NUM!|SPILL!|CALC!|GETTING_DATA"
_ERRORS_RU = "ССЫЛКА!|Н/Д|ЗНАЧ!|ДЕЛ/0!|ИМЯ[?]|ПУСТО!|ЧИСЛО!"
_CONTROL = r"[\x00-\x1f\x7f-\x9f\x{2028}\x{2029}]"
_PLAIN = r"[!-~\x{400}-\x{481}\x{48A}-\x{4FF}]"
_WITH_BLANKS = r"[ -~\x{400}-\x{481}\x{48A}-\x{4FF}]"

TAB, CARRIAGE_RETURN, HASH = 0x09, 0x0D, 0x23
_LEADS = (0x7F, 0xC2, 0xCC, 0xCD, 0xD8, 0xE1, 0xE2, 0xE3, 0xEF, 0xF0, 0xF3)
_PLAIN_BYTES = bytes(
    byte for byte in range(256) if byte == 0x0A or (byte >= 0x20 and byte not in (HASH, *_LEADS))
)


def bare(expression: str) -> str:
    """SQL: the text without blanks around it; NULL if nothing is left."""
    return f"nullif(trim({expression}), '')"


def cleaned(expression: str, one_line: bool) -> str:
    """SQL: the text without unseen signs, its blanks plain; NULL if nothing is left. `one_line`
    keeps line ends, to be rejected."""
    seen = f"regexp_replace(nfc_normalize({expression}), {literal(_UNSEEN)}, '', 'g')"
    plain = f"regexp_replace({seen}, {literal(_BLANKS)}, ' ', 'g')"
    trimmed = f"regexp_replace({plain}, {literal(_EDGES)}, '', 'g')"
    text = trimmed if one_line else f"regexp_replace({trimmed}, {literal(_BREAKS + '+')}, ' ', 'g')"
    usual = f"regexp_full_match({expression}, {literal(f'{_PLAIN}({_WITH_BLANKS}*{_PLAIN})?')})"
    return f"CASE WHEN {usual} THEN {expression} ELSE nullif({text}, '') END"


def has_control(expression: str) -> str:
    """SQL: whether a control sign stands in the text."""
    return f"regexp_matches({expression}, {literal(_CONTROL)})"


def has_error(expression: str) -> str:
    """SQL: whether the text is what a spreadsheet shows in place of a value that it could not work
    out (#REF!, #N/A)."""
    return f"regexp_full_match({expression}, {literal(f'#({_ERRORS}|{_ERRORS_RU})')})"


def shown(expression: str) -> str:
    """SQL: the text with a mark in place of each control sign, for lists and databases."""
    return f"regexp_replace({expression}, {literal(_CONTROL)}, '\N{REPLACEMENT CHARACTER}', 'g')"


def unusual_bytes(chunk: bytes) -> frozenset[int]:
    """The bytes of UTF-8 text that may begin an unseen, blank or control sign, or an error of a
    spreadsheet; tab and carriage return are among them."""
    return frozenset(chunk.translate(None, _PLAIN_BYTES))


def may_need_cleaning(unusual: Iterable[int], delimiter: str, quoted: bool) -> bool:
    """Whether a file with these unusual bytes can hold such a sign in a cell: outside quotes a tab
    delimits, a return ends a line."""
    usual = {CARRIAGE_RETURN} | ({TAB} if delimiter == "\t" and not quoted else set())
    return bool(set(unusual) - usual)
