"""Files that are turned away whole, before anything is written."""

from __future__ import annotations

from qor.law.refusals import Refusal


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
    """The file is none of CSV, XLSX, JSON Lines, Parquet, or is broken."""

    key = "not_a_table"


class WrongEncoding(FileRefused):
    """The text is in an encoding other than UTF-8 or Windows-1251."""

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
