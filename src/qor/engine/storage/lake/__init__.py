"""The lake: immutable Parquet files and a chained log of what was added and taken out, each entry
one atomic commit.

    lake/data/<table>/<month or all>/<id>.parquet     the rows
    lake/log/00000/00000001.json                      who, when, which file, counts; of each
                                                      part size and sha256; the hash before
    lake/checkpoint.json, lake/checkpoints            what the log says up to a commit, by table
                                                      and month: follows from the log
    lake/head.json                                    the last entry and its sha256, and
                                                      the one that is about to be written

Only what the log names exists. A run that dies leaves the log as it was; files it had begun lie in
`lake/tmp`, or are listed there, and are cleared by the next writer. One writer at a time holds
`lake/lock` (released by the system when a process dies); readers need no lock. Whoever opens a lake
checks the chain from the newest checkpoint on; whoever reads a part checks its size; `problems_of`
checks the whole log, the checkpoint against it, and every byte, as a closing does for its months.
"""

from qor.engine.storage.lake.checkpoint import CheckpointWrong
from qor.engine.storage.lake.join import join_parts
from qor.engine.storage.lake.log import (
    TAKEN_OVER,
    Entry,
    LogIsFlat,
    LogIsOld,
    Part,
    entry_path,
    sha256_of,
)
from qor.engine.storage.lake.proof import check_for_closing, problems_of, rebuild_checkpoint
from qor.engine.storage.lake.store import Lake, NotALake, PartChanged, PartMissing, Writer
from qor.engine.storage.lake.takeover import take_over

__all__ = [
    "TAKEN_OVER",
    "CheckpointWrong",
    "Entry",
    "Lake",
    "LogIsFlat",
    "LogIsOld",
    "NotALake",
    "Part",
    "PartChanged",
    "PartMissing",
    "Writer",
    "check_for_closing",
    "entry_path",
    "join_parts",
    "problems_of",
    "rebuild_checkpoint",
    "sha256_of",
    "take_over",
]
