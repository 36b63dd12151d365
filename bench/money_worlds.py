"""Random worlds of two contracts a provider against a clerk who shares no function with the
product, to the tiyn; differing worlds are printed.

    .venv/bin/python bench/money_worlds.py [--worlds 1000] [--first 0] [--seconds N]

Each world: two providers in two regions, two contracts and two fundings each; the first quarter,
some months and December, or a whole year; services held, returned, beyond the contract, of no
contract, left alone by the linear scale, complex tariffs, sums per capita, lessened contracts,
December's mean and recalculation, acts of reconciliation; defects small then large, rejected, found
after the payment; courts, debts, advances, corrections (tests/money/worlds). On SQLite.
"""

from __future__ import annotations

import argparse
import os
import secrets
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

_FOLDER = tempfile.TemporaryDirectory()
os.environ["QOR_DATABASE_URL"] = f"sqlite:///{_FOLDER.name}/worlds.sqlite3"
os.environ.setdefault("QOR_SECRET_KEY", secrets.token_urlsafe(50))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qor.interfaces.web.server.settings")
sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "src")]

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from tests.money.worlds.draw import make_plan  # noqa: E402
from tests.money.worlds.play import Play  # noqa: E402
from tests.workflow.people import World  # noqa: E402

_SHOWN = 12


def play(seed: int) -> tuple[list[str], Counter[str]]:
    """One world, undone afterwards: what differs, and what happened in it."""
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        world = Play(make_plan(seed), Path(folder), World())
        apart = world.run()
        transaction.set_rollback(True)
    clerk, happened = world.clerk, Counter(world.clerk.tally)
    happened["closings"] = len(world.plan.months)
    happened["whole years"] = len(world.plan.months) == 12
    happened["contracts changed by an agreement"] = len(world.plan.agreements)
    happened["sums per capita and reported"] = len(clerk.lumps)
    for bill in clerk.bills.values():
        happened["services"] += 1
        happened["complex tariffs"] += bill.service.form == "mental" and bill.price > 0
        happened["beyond the contract"] += bill.beyond > 0
        happened["returned: no contract named"] += bill.went_back
        happened["decisions taken"] += len(bill.cuts)
        happened["taken back of what was paid"] += sum(cut.back > 0 for cut in bill.cuts)
        happened["taken less than the price: a part was never paid"] += sum(
            cut.back > 0 for cut in bill.cuts if bill.beyond
        )
        happened["sanctions"] += sum(cut.above > 0 for cut in bill.cuts)
        happened["decisions withdrawn"] += sum(cut.gone for cut in bill.cuts)
    happened["debts to be returned"] = sum(debt.way == "return" for debt in clerk.debts)
    happened["debts netted in another contract"] = sum(
        any(c != debt.contract for c in debt.netted) for debt in clerk.debts
    )
    happened["acts"] = len(clerk.acts)
    happened["acts of contracts without services"] = sum(
        not any(p["claimed"] for p in a.parts.values()) for a in clerk.acts.values()
    )
    return apart, happened


def main() -> None:
    """Play them all and print what came of it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--worlds", type=int, default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="begin no world after so long"
    )
    args = parser.parse_args()
    call_command("migrate", verbosity=0)
    begun, happened, differing, played = time.perf_counter(), Counter[str](), 0, 0
    cpu = time.process_time()
    for seed in range(args.first, args.first + args.worlds):
        if time.perf_counter() - begun > args.seconds:
            break
        played += 1
        apart, came = play(seed)
        happened += came
        if apart:
            differing += 1
            print(
                f"world {seed} differs in {len(apart)} places",
                *apart[:_SHOWN],
                sep="\n  ",
                flush=True,
            )
    seconds = time.perf_counter() - begun
    print(
        f"worlds {args.first} to {args.first + played - 1}: {played} played, {differing} "
        f"differ; {seconds / played:.1f} s a world, "
        f"{(time.process_time() - cpu) / played:.1f} s of CPU"
    )
    print(*(f"  {what}: {count}" for what, count in happened.most_common()), sep="\n")
    raise SystemExit(bool(differing))


if __name__ == "__main__":
    main()
