"""Forms of registers: a file with its month, and a signature."""

from __future__ import annotations

from qor.interfaces.web.kernel.fields import MonthOf, Pressed
from qor.interfaces.web.kernel.file_fields import Upload
from qor.interfaces.web.kernel.forms import Form


class RegisterFile(Form):
    """A register to try or to hand in; what its rows are refused for stands at the file."""

    file = Upload(label="portal.register_file")
    month = MonthOf(label="terms.month")
    otherwise = "file"


class Signature(Form):
    """The register that is signed."""

    month = MonthOf(label="terms.month", hidden=True)
    register_no = Pressed(label="portal.register")
