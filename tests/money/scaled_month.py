"""A month of two contracts that the linear scale bounds, some of whose services it leaves alone."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.engine.registers import BIN, OTHER, csv_text, load
from tests.money.tiny_month import CLOSED_ON, MONTH, write_settlement_inputs

from qor.engine.settlement.act_lines import make_act_lines
from qor.engine.storage.duck import connect, rows
from qor.engine.storage.lake import Lake

D = Decimal


class Tiny:
    """K-1 of one provider and K-2 of another: a thousand for outpatient care and for stays each;
    services of six hundred tenge."""

    def __init__(self, root: Path, plan: str = "1000.00") -> None:
        self.root, self.lake, self.services, self.files = (
            root,
            Lake(root / "lake"),
            list[dict[str, Any]](),
            0,
        )
        self.load("providers", {"bin": BIN, "region": "71"}, {"bin": OTHER, "region": "75"})
        for number, bin_ in (("K-1", BIN), ("K-2", OTHER)):
            line = {
                "contract_no": number,
                "bin": bin_,
                "funding": "tmkkk",
                "service_code": "*",
                "valid_from": "2025-01-01",
            }
            forms = ("outpatient", "stay_group", "pathology")
            self.load(
                "contracts",
                *(
                    line | {"line": n, "care_form": f, "month": str(MONTH), "amount": plan}
                    for n, f in enumerate(forms)
                ),
                line
                | {"line": 9, "care_form": "outpatient", "month": "2026-03", "amount": "90000.00"},
            )

    def load(self, table: str, *given: dict[str, Any], of: str | None = None) -> None:
        """Rows of a table."""
        self.files += 1
        columns = list(dict.fromkeys(name for row in given for name in row))
        load(
            self.lake,
            self.root,
            f"{self.files}.csv",
            csv_text([{n: row.get(n, "") for n in columns} for row in given]),
            table,
            of,
        )

    def service(self, day: int, bin_: str = BIN, **facts: Any) -> None:
        """One more service, on a day."""
        same = {
            "provider_bin": bin_,
            "service_id": f"s{len(self.services)}",
            "identity_kind": "foreigner",
            "care_form": "outpatient",
            "setting": "visit",
            "funding": "tmkkk",
            "started_at": f"2026-02-{day:02d} 09:00:00",
            "ended_at": f"2026-02-{day:02d} 09:20:00",
            "card_no": "C1",
            "registered_at": f"2026-02-{day:02d} 10:00:00",
            "quantity": "1",
            "amount": "600.00",
        }
        self.services.append(same | facts)

    def lines(self) -> dict[tuple[str, str, str], tuple[Decimal, Decimal]]:
        """(accepted, beyond) by contract, care form and kind."""
        self.load("services", *self.services, of=str(MONTH))
        with connect() as connection:
            make_act_lines(
                connection,
                self.lake,
                MONTH,
                CLOSED_ON,
                write_settlement_inputs(self.root, {}),
                self.root,
            )
            self.unready = {
                (r["provider_bin"], r["care_form"], r["what"])
                for r in rows(connection, "SELECT * FROM unready")
            }
            lines = rows(connection, "SELECT * FROM act_lines")
        return {
            (r["contract_no"], r["care_form"], r["kind"]): (r["accepted"], r["beyond"])
            for r in lines
        }
