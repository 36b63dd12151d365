"""Fifty reviewers and two hundred provider users at once for two minutes on PostgreSQL: no double
assignment, no lost objection, no error page.

    export QOR_DATABASE_URL=postgresql://postgres@127.0.0.1:5432/test
    .venv/bin/python bench/portal.py [--seconds 120] [--reviewers 50] [--providers 200]

Everybody acts through the pages' own code (requests to the WSGI application in this process, one
thread each): providers list, open and object, reviewers list, open and decide, while the clock
ticks. Makes and drops a database of its own. Prints answers a second, p50, p95, p99, and checks
every case afterwards against its steps and the journal.
"""

from __future__ import annotations

import argparse
import itertools
import os
import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import quantiles
from typing import Any

import django

from qor.interfaces.clock import now

WORKERS = 16


class Crowd:
    """The users at work, what they were answered and how fast."""

    def __init__(self, until: float) -> None:
        self.until, self.lock = until, threading.Lock()
        self.workers = ThreadPoolExecutor(WORKERS)
        self.answers: Counter[int] = Counter()
        self.times: list[float] = []
        self.objected: set[int] = set()

    def ask(
        self, client: Any, method: str, address: str, facts: dict[str, Any] | None = None
    ) -> Any:
        """One request, timed."""
        started = time.monotonic()  # waiting for a worker counts, as it does for a user
        answer = self.served(lambda: getattr(client, method)(address, facts or {}))
        with self.lock:
            self.answers[answer.status_code] += 1
            self.times.append(time.monotonic() - started)
        return answer

    def served(self, work: Callable[[], Any]) -> Any:
        """Do something in one of the server's workers, each with a lasting connection, and wait for
        it."""
        return self.workers.submit(work).result()

    def stop(self) -> None:
        """Close the workers' connections and let them go."""
        from django.db import connection

        together = threading.Barrier(WORKERS)

        def close() -> None:
            together.wait()
            connection.close()

        for done in [self.workers.submit(close) for _ in range(WORKERS)]:
            done.result()
        self.workers.shutdown()


def provider(crowd: Crowd, user: Any, seed: int) -> None:
    """Look at the list, open a case, object."""
    from django.test import Client

    from qor.workflow.disputes.models import Case

    client = Client(raise_request_exception=False)
    dice = random.Random(seed)  # noqa: S311 - who does what in a bench
    crowd.served(
        lambda: client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    )
    while time.monotonic() < crowd.until:
        crowd.ask(client, "get", "/cases/")
        open_ones = Case.objects.filter(
            provider_id=user.organisation_id, outcome="", assigned_to=None
        )
        own = crowd.served(partial(list, open_ones.values_list("pk", "state")[:20]))
        if own:
            pk, state = dice.choice(own)
            crowd.ask(client, "get", f"/cases/{pk}/")
            event = "object" if state == "detected" else "object_again"
            if (
                crowd.ask(
                    client, "post", f"/cases/{pk}/act/", {"event": event, "statement": "bench"}
                ).status_code
                == 302
            ):
                with crowd.lock:
                    crowd.objected.add(pk)
        time.sleep(dice.random() * 2)


def reviewer(crowd: Crowd, user: Any, seed: int) -> None:
    """Look at the queue, open the first case, decide."""
    from django.test import Client

    from qor.workflow.disputes.models import Case

    client = Client(raise_request_exception=False)
    dice = random.Random(seed)  # noqa: S311 - who does what in a bench
    crowd.served(
        lambda: client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    )
    while time.monotonic() < crowd.until:
        crowd.ask(client, "get", "/cases/")
        own = crowd.served(
            lambda: list(
                Case.objects.filter(assigned_to=user, outcome="").values_list("pk", flat=True)[:5]
            )
        )
        for pk in own[:2]:
            crowd.ask(client, "get", f"/cases/{pk}/")
            facts = {
                "event": dice.choice(["confirm", "reject"]),
                "statement": "bench",
                "preventable": "no",
            }
            crowd.ask(client, "post", f"/cases/{pk}/act/", facts)
        time.sleep(dice.random() * 2)


def prepare(providers: int, reviewers: int, cases: int) -> tuple[list[Any], list[Any]]:
    """Organisations over twenty regions, users, open cases."""
    from datetime import timedelta
    from decimal import Decimal

    from qor.engine.simulate.world import provider_bins
    from qor.law.nouns.regions import region_codes
    from qor.law.reading.machines import due_on
    from qor.workflow.accounts.models import Organisation, User
    from qor.workflow.disputes.actions import civil_day
    from qor.workflow.disputes.models import Case

    regions, day = region_codes()[:17], civil_day(now())
    names = {f"name_{language}": "bench" for language in ("kk", "ru", "en")}
    branches = {r: Organisation.objects.create(kind="branch", region=r, **names) for r in regions}
    bins = provider_bins(60)
    hospitals = [
        Organisation.objects.create(kind="provider", bin=b, region=regions[n % 17], **names)
        for n, b in enumerate(bins)
    ]
    users = [
        User.objects.create(username=f"p{n}", role="provider", organisation=hospitals[n % 60])
        for n in range(providers)
    ]
    experts = [
        User.objects.create(username=f"e{n}", role="expert", organisation=branches[regions[n % 17]])
        for n in range(reviewers)
    ]
    Case.objects.bulk_create(
        Case(
            month="2026-02",
            provider=hospitals[n % 60],
            service_id=f"s{n}",
            check_slug="after-death",
            code="5.1",
            edition="68/2025",
            kind="potential",
            care_form="outpatient",
            amount=Decimal(1000),
            proposed_deduction=Decimal(3000),
            found_on=day - timedelta(days=1),
            route="objection",
            state="detected",
            entered_on=day,
            shown_on=day,
            due_on=due_on("objection", "detected", day),
        )
        for n in range(cases)
    )
    return users, experts


def judge(crowd: Crowd) -> list[str]:
    """What is wrong afterwards: objections lost, cases doubled, rules of regions broken, a journal
    that does not hold."""
    from qor.law.reading.machines import state
    from qor.workflow.audit.journal import broken_at
    from qor.workflow.disputes.models import Case

    wrong = [f"{status}: {n} answers" for status, n in crowd.answers.items() if status >= 500]
    for case in Case.objects.select_related("provider").prefetch_related("steps__by__organisation"):
        steps = list(case.steps.all())
        if any(a.to_state != b.from_state for a, b in itertools.pairwise(steps)):
            wrong.append(f"case {case.pk}: steps do not follow each other")
        if case.pk in crowd.objected and not any(s.event == "object" for s in steps):
            wrong.append(f"case {case.pk}: an acknowledged objection is lost")
        deciders = [s.by_id for s in steps if s.event in {"confirm", "reject"}]
        if len(deciders) != len(set(deciders)):
            wrong.append(f"case {case.pk}: decided twice by one reviewer")
        branches = [
            s.by.organisation
            for s in steps
            if s.by is not None and s.event in {"confirm", "reject"}
        ]
        if any(branch is not None and branch.region == case.provider.region for branch in branches):
            wrong.append(f"case {case.pk}: decided in the region of the dispute")
        owner = state(case.route, case.state).owner
        if (case.assigned_to_id is None) == (owner in {"branch_elsewhere", "another_elsewhere"}):
            wrong.append(f"case {case.pk}: assigned to nobody, or to somebody out of turn")
    if (number := broken_at()) is not None:
        wrong.append(f"the journal is broken at {number}")
    return wrong


def act(crowd: Crowd, users: list[Any], experts: list[Any]) -> None:
    """Let everybody work while the clock ticks, until their time is over."""
    from qor.workflow.disputes.actions import tick

    work = [(provider, user) for user in users] + [(reviewer, user) for user in experts]
    threads = [
        threading.Thread(target=what, args=(crowd, user, n)) for n, (what, user) in enumerate(work)
    ]
    for thread in threads:
        thread.start()
    while time.monotonic() < crowd.until:
        tick(now())
        time.sleep(5)
    for thread in threads:
        thread.join()
    crowd.stop()


def report(given: argparse.Namespace, crowd: Crowd, wrong: list[str]) -> None:
    """How many answers, how fast, and what is wrong."""
    cuts = quantiles(crowd.times, n=100)
    print(
        f"{given.reviewers} reviewers, {given.providers} provider users, {given.seconds} "
        f"s: {len(crowd.times):,} answers {dict(crowd.answers)}"
    )
    print(
        f"{len(crowd.times) / given.seconds:.1f} a second; p50 {cuts[49]:.2f} s  p95 "
        f"{cuts[94]:.2f} s  p99 {cuts[98]:.2f} s; objections {len(crowd.objected):,}"
    )
    print(
        "\n".join(wrong[:20])
        if wrong
        else "nothing doubled, nothing lost, no error page, the journal is whole"
    )


def main() -> int:
    """Prepare, let the crowd act, judge; 1 if anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--reviewers", type=int, default=50)
    parser.add_argument("--providers", type=int, default=200)
    parser.add_argument("--cases", type=int, default=6000)
    given = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qor.interfaces.web.server.settings")
    os.environ.setdefault("QOR_JOURNAL_KEY", "of this run only: " + "0" * 32)
    os.environ["QOR_SECOND_FACTOR"] = "0"  # nobody types a code here
    django.setup()
    from django.conf import settings
    from django.test.utils import setup_databases, setup_test_environment, teardown_databases

    settings.QOR_LAKE = ""
    setup_test_environment(debug=False)
    databases = setup_databases(verbosity=0, interactive=False)
    try:
        users, experts = prepare(given.providers, given.reviewers, given.cases)
        crowd = Crowd(time.monotonic() + given.seconds)
        act(crowd, users, experts)
        wrong = judge(crowd)
    finally:
        teardown_databases(databases, verbosity=0)
    report(given, crowd, wrong)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
