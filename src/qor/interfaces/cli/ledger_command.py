"""`qor ledger verify`: the proof of the money, each broken rule with the places that break it."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from qor.interfaces.cli.database import open_portal
from qor.interfaces.cli.lake_of_month import open_lake
from qor.interfaces.cli.voice import Voice

if TYPE_CHECKING:
    from qor.workflow.proof import Place, Proof


def verify_ledger(args: argparse.Namespace, voice: Voice) -> int:
    """Prove the ledger, with the lake's parts where a lake is named; exit code 1 where a rule is
    broken."""
    lake = open_lake(args.lake) if args.lake else None
    open_portal(args.database, must_exist=True)
    from qor.workflow.audit.lake_commits import check_lake
    from qor.workflow.ledger.postings import Posting
    from qor.workflow.proof import verify

    if lake is not None:
        check_lake(lake)
    proofs, count = verify(lake), Posting.objects.count()
    whole = not any(proof.broken for proof in proofs)
    if voice.as_json:
        voice.json(
            {
                "whole": whole,
                "postings": count,
                "invariants": {proof.name: proof.broken for proof in proofs},
                "places": {proof.name: sentences(proof, voice) for proof in proofs if proof.broken},
            }
        )
    else:
        _print(proofs, voice)
        voice.line(voice.t("cli.ledger_whole" if whole else "cli.ledger_broken", count=count))
    return 0 if whole else 1


def sentences(proof: Proof, voice: Voice) -> list[str]:
    """The places that break a rule, a sentence each, and how many more there are."""
    shown = [_sentence(place, voice) for place in proof.places]
    more = proof.broken - len(shown)
    return [*shown, voice.t("ledger.more", count=more)] if more > 0 else shown


def _print(proofs: list[Proof], voice: Voice) -> None:
    voice.table(
        voice.t("cli.ledger_verify"),
        (voice.t("terms.invariant"), voice.t("terms.broken")),
        [(voice.t(f"ledger.rule_{proof.name}"), proof.broken) for proof in proofs],
    )
    for proof in proofs:
        for sentence in sentences(proof, voice):
            voice.line(f"{voice.t(f'ledger.rule_{proof.name}')}: {sentence}")


def _sentence(place: Place, voice: Voice) -> str:
    facts = dict(place.facts)
    if "by" in facts:
        facts["by"] = voice.t(f"ledger.by_{facts['by']}")
    return voice.t(f"ledger.place_{place.key}", **facts)
