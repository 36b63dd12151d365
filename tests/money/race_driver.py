"""Orders made, repeated, sent, paid and returned by several at once, round after round: a process
of its own, which tells as JSON what it saw.

    python race_driver.py FOLDER ADDRESS-OF-A-DATABASE ROUNDS
Named refusals are answers; any other exception is counted by its class. FOLDER takes the lake.
"""

import json
import os
import random
import sys
import threading
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

FOLDER, URL, ROUNDS = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
os.environ["QOR_DATABASE_URL"] = URL
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qor.interfaces.web.server.settings")

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Count  # noqa: E402

call_command("migrate", verbosity=0, interactive=False)

from tests.money.bank import FORMS, lake_of, sign  # noqa: E402
from tests.workflow.people import REGIONS, World, an_act  # noqa: E402

from qor.law.nouns.refusals import Refusal  # noqa: E402
from qor.workflow.proof import verify  # noqa: E402
from qor.workflow.treasury.models import BankFile, Order  # noqa: E402
from qor.workflow.treasury.orders import confirm_paid, make_orders, repeat_order, return_order  # noqa: E402
from qor.workflow.treasury.sending import send_orders  # noqa: E402

DAY = date(2026, 3, 26)
AT = datetime(2026, 3, 26, 5, tzinfo=UTC)
Step = Callable[[], object]


def prepare() -> tuple[object, list[int]]:
    """Three regions with a signed act each, and the lake with their accounts."""
    world = World()
    acts = [an_act(world, region, claimed=Decimal(1000 + n)) for n, region in enumerate(REGIONS)]
    for act in acts:
        sign(act, world)
    return lake_of(FOLDER, world, REGIONS), [act.pk for act in acts]


def newest(state: str) -> list[int]:
    """The newest order of each act that is in a state."""
    last = {order.act_id: order for order in Order.objects.order_by("pk")}
    return [order.pk for order in last.values() if order.state == state]


def race(steps: list[Step], raw: Counter[str], refused: Counter[str], seen: list[str]) -> None:
    """All steps at once, each in a thread with a connection of its own."""
    gate = threading.Barrier(len(steps))

    def run(step: Step) -> None:
        try:
            gate.wait()
            step()
        except Refusal as refusal:
            refused[refusal.key] += 1
        except Exception as error:
            raw[type(error).__name__] += 1
            seen.append("".join(traceback.format_exception(error))[-600:])
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(step,)) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def steps_of(lake: object, dice: random.Random) -> list[Step]:
    """Two who make, one who repeats, one who sends, one who pays, one who gives back."""
    returned, sent, new = newest("returned"), newest("sent"), newest("made")
    one = dice.choice(returned) if returned else 0
    paid = dice.choice(sent) if sent else 0
    back = dice.choice(sent + new + newest("paid") or [0])
    steps: list[Step] = [
        lambda: make_orders(lake, DAY, by="a", at=AT),  # type: ignore[arg-type]
        lambda: make_orders(lake, DAY, by="b", at=AT),  # type: ignore[arg-type]
        lambda: repeat_order(lake, one, DAY, by="c", at=AT),  # type: ignore[arg-type]
        lambda: send_orders(DAY, FORMS["csv"], by="d", at=AT),
        lambda: confirm_paid([paid], by="e", at=AT),
        lambda: return_order(back, by="f", at=AT),
    ]
    dice.shuffle(steps)
    return steps


def main() -> None:
    """So many rounds; each begins with at least one order that came back."""
    dice = random.Random(9)
    lake, acts = prepare()
    raw: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    seen: list[str] = []
    for _ in range(ROUNDS):
        make_orders(lake, DAY, by="x", at=AT)  # type: ignore[arg-type]
        for pk in dice.sample(newest("made") + newest("sent") + newest("paid"), 2):
            return_order(pk, by="x", at=AT)
        race(steps_of(lake, dice), raw, refused, seen)
    live = (
        Order.objects.exclude(state="returned")
        .values("act")
        .annotate(n=Count("pk"))
        .order_by("act")
    )
    outcome = {
        "raw": dict(raw),
        "seen": seen[:2],
        "refused": dict(refused),
        "orders": Order.objects.count(),
        "acts": len(acts),
        "twice": [row["act"] for row in live if row["n"] > 1],
        "files": BankFile.objects.count(),
        "broken": [proof.name for proof in verify() if proof.broken],
    }
    print(json.dumps(outcome))  # noqa: T201


main()
