"""Files that are turned away whole, before anything is written."""

from __future__ import annotations

from qor.law.nouns.refusals import Refusal


class FileRefused(Refusal):
    """A file cannot be taken as it is; says which, where and what to do."""

    key = "file_refused"


class NotAFile(FileRefused):
    """There is no such file, or it cannot be read."""

    key = "not_a_file"


class EmptyFile(FileRefused):
    """The file has no bytes, or no row after its header."""

    key = "empty_file"


class NotATable(FileRefused):
    """The file is none of CSV, XLSX, JSON Lines, Parquet."""

    key = "not_a_table"


class DamagedFile(NotATable):
    """A workbook or a Parquet file is cut, mixed up, locked by a password, or packed in a way that
    is not read."""

    key = "damaged_file"


class OldWorkbook(NotATable):
    """A workbook in the format before XLSX, or one that a password locks: both begin alike."""

    key = "old_workbook"


class PackedFile(NotATable):
    """An archive: a register is read unpacked."""

    key = "packed_file"


class NoSheet(NotATable):
    """A workbook without a worksheet."""

    key = "no_sheet"


class SeveralSheets(FileRefused):
    """Several visible sheets of a workbook hold rows of the table: nobody says which one counts."""

    key = "several_sheets"


class UnclosedQuote(NotATable):
    """A quote that is never closed, or that swallows the lines after it."""

    key = "unclosed_quote"


class UnevenLines(NotATable):
    """Lines that cannot be read as rows, and not even be counted for certain."""

    key = "uneven_lines"


class MixedLineEnds(NotATable):
    """Lines of one file end differently: two exports pasted together."""

    key = "mixed_line_ends"


class LineTooLong(NotATable):
    """A line longer than any row of a register."""

    key = "line_too_long"


class DamagedText(FileRefused):
    """UTF-8 text with bytes that are not: cut, damaged, or pasted together from two encodings."""

    key = "damaged_text"


class UnreadableSigns(FileRefused):
    """Signs that are no text, such as one half of a pair."""

    key = "unreadable_signs"


class KeyTwice(FileRefused):
    """An object of a JSON Lines file names a key twice."""

    key = "key_twice"


class NestedColumn(FileRefused):
    """A column of a Parquet file holds structures where a value is expected."""

    key = "nested_column"


class WrongEncoding(FileRefused):
    """The text is in an encoding other than UTF-8, KZ-1048 or Windows-1251."""

    key = "wrong_encoding"


class NulByte(FileRefused):
    """A text file holds a NUL byte."""

    key = "nul_byte"


class TooManyColumns(FileRefused):
    """More columns than any register has."""

    key = "too_many_columns"


class TooLarge(FileRefused):
    """A file, or what it unpacks to, is larger than is read."""

    key = "too_large"


class MissingColumns(FileRefused):
    """The header lacks columns without which the file is not this table."""

    key = "missing_columns"


class DoubleColumn(FileRefused):
    """Two columns of the file mean the same."""

    key = "double_column"


class FormulaInCell(FileRefused):
    """A spreadsheet cell holds a formula: only values are taken."""

    key = "formula_in_cell"


class NotJson(FileRefused):
    """A line of a JSON Lines file is not a JSON object."""

    key = "not_json"


class NoProviders(FileRefused):
    """The table of providers is not loaded, so no row of this table could be accepted."""

    key = "no_providers"
