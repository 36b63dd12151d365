"""How the text of a cell is read as a value of its column's type: one SQL expression a type, NULL
where it cannot be read.

Staged cells are trimmed already, and NULL where nothing stands (`qor.engine.intake.sources.bare`).
"""

from __future__ import annotations

from datetime import date
from functools import cache

from qor.engine.intake.identifier_digits import all_digits, check_digit_holds
from qor.engine.intake.tables import Column
from qor.engine.storage.duck import literal, literals, name
from qor.law.pages import page
from qor.law.reading.figures import history

_NUMBERS = ("money", "number", "whole")
_TIMES = ("date", "moment", "month")
LOOKALIKES = ("АВСЕНКМОРТХУІЅЈ", "ABCEHKMOPTXYISJ")
_GROUPED = "[-+]?([0-9]+|[0-9]{1,3}( [0-9]{3})+)([.,][0-9]+)?"
_DAY_FIRST = "^([0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4})"
_ISO = (
    "[0-9]{4}[-/][0-9]{1,2}[-/][0-9]{1,2}"
    "([ T]+[0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2}([.][0-9]{0,9})?)?)?( "
    "?([Zz]|[+-][0-9]{2}(:?[0-9]{2})?))?"
)
_DOTTED = "[0-9]{1,2}[.][0-9]{1,2}[.][0-9]{4}( [0-9]{1,2}:[0-9]{1,2}(:[0-9]{1,2})?)?"
_NOT_THREE = "[0-9]?|[0-9]{3,5}"
_MONTH_ALONE = "[0-9]{4}-[0-9]{1,2}"
_YES = ("true", "t", "1", "yes", "y", "да", "иә", "ия")
_NO = ("false", "f", "0", "no", "n", "нет", "жоқ")


def reading(column: Column) -> str:
    """The SQL expression that reads a cell of this column."""
    text = name(column.name)
    return _words(text, column.words) if column.type == "words" else _READINGS[column.type](text)


def sql_type(column: Column) -> str:
    """The DuckDB type in which the column is kept."""
    kinds = {
        "whole": "BIGINT",
        "number": "DECIMAL(18,6)",
        "money": "DECIMAL(18,2)",
        "date": "DATE",
        "moment": "TIMESTAMP",
        "yes_no": "BOOLEAN",
        "codes": "VARCHAR[]",
        "icds": "VARCHAR[]",
    }
    return kinds.get(column.type, "VARCHAR")


def may_be_unreadable(column: Column) -> bool:
    """Whether a text can fail to be a value of the column's type."""
    return column.type not in {
        "text",
        "line",
        "bin_text",
        "iin_text",
        "code",
        "icd",
        "codes",
        "icds",
    }


def is_code(column: Column) -> bool:
    """Whether the column holds a code, in which Cyrillic letters stand for Latin ones."""
    return column.type in {"code", "icd"}


def looks_meant(column: Column) -> str:
    """SQL: whether an unreadable text of a number or time was meant as one, so that leaving it out
    would change what was said.

    Digits with signs between them that are no number here (12,400; 1 2 3), and a day with words
    after it (09:09 PM).
    """
    text = name(f"raw_{column.name}")
    if column.type in _NUMBERS:
        return f"regexp_full_match({text}, '[-+]?[0-9][0-9 .,]*')"
    return time_with_words(text) if column.type in _TIMES else "FALSE"


def doubtful(column: Column) -> str:
    """SQL: a cheap sign that a cell may be of that kind; FALSE for columns that are neither number
    nor time."""
    text = name(column.name)
    if column.type in _NUMBERS:
        return f"contains({text}, ' ') OR contains({text}, ',') OR substr({text}, -4, 1) = '.'"
    if column.type not in _TIMES:
        return "FALSE"
    usual = f"(length({text}) = 10 OR (length({text}) = 19 AND substr({text}, 17, 1) = ':'))"
    return f"NOT {usual} OR substr({text}, -1, 1) > '9'"


def time_with_words(text: str) -> str:
    """SQL: whether something stands after a day or a time of day that belongs to neither."""
    return (
        f"regexp_matches({text}, '{_DAY_FIRST}') AND NOT regexp_full_match({text}, "
        f"'{_ISO}|{_DOTTED}|{_MONTH_ALONE}')"
    )


def _checked(text: str) -> str:
    return (
        f"CASE WHEN NOT {all_digits(text)} THEN NULL WHEN {check_digit_holds(text)} THEN {text} END"
    )


def _code(text: str) -> str:
    """A code in capital Latin letters, one dot at a time; what is so already passes by."""
    latin = f"translate(upper({text}), '{LOOKALIKES[0]}', '{LOOKALIKES[1]}')"
    odd = f"NOT regexp_full_match({text}, '[A-Z0-9-]*([.][A-Z0-9-]+)*')"
    return f"CASE WHEN {odd} THEN regexp_replace({latin}, '[.]{{2,}}', '.', 'g') ELSE {text} END"


def _icd(text: str) -> str:
    """A diagnosis as a code with its dot: I200 and I20,0 are I20.0; the marks of its two sides (†
    or +, *) are left out."""
    code = _code(_points(text))
    bare = f"regexp_full_match({code}, '[A-Z][0-9]{{2}}[0-9]{{1,2}}')"
    dotted = (
        f"CASE WHEN {bare} THEN substr({code}, 1, 3) || '.' || substr({code}, 4) ELSE {code} END"
    )
    return (
        f"CASE WHEN regexp_full_match({text}, '[A-Z][0-9]{{2}}([.][0-9]{{1,2}})?') THEN "
        f"{text} ELSE {dotted} END"
    )


def _codes(text: str, each: str = "code") -> str:
    split = f"string_split(regexp_replace({_code(text)}, '[;|, ]+', ';', 'g'), ';')"
    listed = f"list_filter({split}, lambda code: code <> '')"
    return f"CASE WHEN {text} IS NOT NULL THEN list_transform({listed}, lambda code: {each}) END"


def _icds(text: str) -> str:
    """Diagnoses: a comma inside one is its dot, any other comma divides two."""
    return f"CASE WHEN {text} IS NOT NULL THEN {_codes(_points(text), _icd('code'))} END"


def _points(text: str) -> str:
    letter = "[A-Za-zА-Яа-яІіҮү]"
    comma = f"({letter}[0-9]{{2}}),([0-9]{{1,2}})([^0-9A-Za-zА-Яа-я]|$)"
    return f"regexp_replace(translate({text}, '†+*', ''), '{comma}', '\\1.\\2\\3', 'g')"


def _numeric(text: str, plain: str, shape: str, kind: str) -> str:
    """A number with point or comma, blanks between groups of three digits. The plain way of writing
    is tried first.

    Three digits after the only sign are thousands to one writer and decimals to another: not read.
    """
    point = f"replace(replace({text}, ' ', ''), ',', '.')"
    return f"""CASE WHEN regexp_full_match({text}, '{plain}') THEN TRY_CAST({text} AS {kind})
        WHEN regexp_full_match({text}, '{_GROUPED}') AND regexp_full_match({point}, '{shape}')
            THEN TRY_CAST({point} AS {kind}) END"""


def _moment(text: str) -> str:
    """Date and time of day; an offset (`Z`, `+05:00`) is turned into the civil time of Kazakhstan
    on that day.

    Anything else after the time (PM, UTC, a name of a zone) leaves it unread: it would change the
    hour or the day.
    """
    dotted = f"try_strptime({text}, ['%d.%m.%Y %H:%M:%S', '%d.%m.%Y %H:%M', '%d.%m.%Y'])"
    in_utc = f"(TRY_CAST(replace({text}, ' +', '+') AS TIMESTAMPTZ) AT TIME ZONE 'UTC')"
    shifted = f"({in_utc} + {_civil_offset(in_utc)})"
    return f"""CASE WHEN substr({text}, 17, 1) = ':' AND length({text}) = 19
        AND NOT contains({text}, 'Z')
            AND {text} BETWEEN '1900' AND '2100' THEN TRY_CAST({text} AS TIMESTAMP)
        WHEN {text} IS NULL OR substr({text}, 1, 1) NOT BETWEEN '0' AND '9' THEN NULL
        WHEN substr({text}, 3, 1) = '.' THEN {_plausible(dotted)}
        WHEN NOT regexp_full_match({text}, '{_ISO}') THEN NULL
        WHEN regexp_matches(substr({text}, 11), '[Zz+-]') THEN {_plausible(shifted)}
        ELSE {_plausible(f"TRY_CAST({text} AS TIMESTAMP)")} END"""


def _plausible(moment: str) -> str:
    return (
        f"CASE WHEN {moment} BETWEEN TIMESTAMP '1900-01-01' AND TIMESTAMP '2099-12-31 "
        f"23:59:59' THEN {moment} END"
    )


@cache
def _offsets() -> list[tuple[date, int]]:
    return [(value.valid_from, value.whole) for value in history("civil_time_offset")]


def _civil_offset(moment: str) -> str:
    cases = " ".join(
        f"WHEN {moment} >= CAST({literal(since)} AS TIMESTAMP) - INTERVAL {hours} HOUR "
        f"THEN INTERVAL {hours} HOUR"
        for since, hours in reversed(_offsets())
    )
    return f"CASE {cases} END"


def _month(text: str) -> str:
    return f"""CASE WHEN regexp_full_match({text}, '(19|20)[0-9]{{2}}-(0[1-9]|1[0-2])') THEN {text}
        ELSE strftime({_moment(text)}, '%Y-%m') END"""


def _words(text: str, words: tuple[str, ...]) -> str:
    aliases = page("qor.engine.intake", "words.yaml")
    plain = f"lower({text})"
    others = " ".join(
        f"WHEN {plain} IN ({literals(aliases[word])}) THEN {literal(word)}"
        for word in words
        if word in aliases
    )
    own = " ".join(
        f"WHEN {plain} = {literal(word.lower())} THEN {literal(word)}"
        for word in words
        if word != word.lower()
    )
    return f"CASE {own} WHEN {plain} IN ({literals(words)}) THEN {plain} {others} END"


def _yes_no(text: str) -> str:
    return (
        f"CASE WHEN lower({text}) IN ({literals(_YES)}) THEN TRUE WHEN lower({text}) IN "
        f"({literals(_NO)}) THEN FALSE END"
    )


_READINGS = {
    "text": lambda text: text,
    "line": lambda text: text,
    "iin_text": lambda text: text,
    "bin_text": lambda text: text,
    "bin": _checked,
    "iin": _checked,
    "code": _code,
    "icd": _icd,
    "codes": _codes,
    "icds": _icds,
    "whole": lambda text: _numeric(
        text, "-?[0-9]{1,15}", "-?[0-9]{1,15}([.](0{1,2}|0{4,}))?", "BIGINT"
    ),
    "number": lambda text: _numeric(
        text,
        "-?[0-9]{1,12}([.][0-9]{4})?",
        f"-?([0-9]{{1,12}}([.][0-9]({_NOT_THREE}))?|0[.][0-9]{{3}})",
        "DECIMAL(18,6)",
    ),
    "money": lambda text: _numeric(
        text,
        "-?[0-9]{1,13}([.][0-9]{2})?",
        "-?[0-9]{1,13}([.]([0-9]{1,2}|[0-9]{2}0{2,}))?",
        "DECIMAL(18,2)",
    ),
    "date": lambda text: f"CAST({_moment(text)} AS DATE)",
    "moment": _moment,
    "month": _month,
    "yes_no": _yes_no,
}
