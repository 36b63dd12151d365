"""The steps of the proof: what it asks of the copy of the money."""

from __future__ import annotations

from qor.engine.storage.steps import Step, steps_of


def proof_steps() -> dict[str, Step]:
    """The steps of the proof by name, in the order of `workflow/steps/proof.yaml`."""
    return steps_of("qor.workflow", "steps")
