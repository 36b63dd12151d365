"""Who pays, in payment files: the Fund's name, BIN, account and bank."""

from __future__ import annotations

from dataclasses import dataclass

from qor.law.nouns.identifiers import has_check_digits
from qor.law.nouns.refusals import Refusal
from qor.workflow.treasury.payees import is_one_line, shown


class BadPayer(Refusal):
    """The Fund's own name or account, as the settings say it, fits no bank file: no order can go
    out before it is put right."""

    key = "bad_payer"


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays: the Fund's name, BIN, account and bank. BadPayer for a name with unseen signs or an
    account that is none."""

    name: str
    bin: str
    iban: str
    bic: str

    def __post_init__(self) -> None:
        """Refuse what no bank file may carry."""
        for field in ("name", "bin", "iban", "bic"):
            if not is_one_line(getattr(self, field)):
                raise BadPayer(field=field, value=shown(getattr(self, field)))
        if not has_check_digits(self.iban):
            raise BadPayer(field="iban", value=self.iban)
