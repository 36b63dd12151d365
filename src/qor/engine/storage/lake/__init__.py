"""The lake: immutable Parquet files and a chained log of what was added and taken out, each entry
one atomic commit.

    lake/data/<table>/<month or all>/<id>.parquet     the rows
    lake/log/00000001.json                            who, when, which file, counts; of each
                                                      part size and sha256; the hash before
    lake/head.json                                    the last entry and its sha256, and
                                                      the one that is about to be written

Only what the log names exists. A run that dies leaves the log as it was; files it had begun lie in
`lake/tmp`, or are listed there, and are cleared by the next writer. One writer at a time holds
`lake/lock` (released by the system when a process dies); readers need no lock. Whoever opens a lake
checks the chain; whoever reads a part checks its size; `verify_lake` and a closing check every
byte.
"""

from qor.engine.storage.lake.log import Entry, LogIsOld, Part, sha256_of
from qor.engine.storage.lake.proof import check_for_closing, problems_of
from qor.engine.storage.lake.store import Lake, NotALake, PartChanged, PartMissing, Writer
from qor.engine.storage.lake.takeover import take_over

__all__ = [
    "Entry",
    "Lake",
    "LogIsOld",
    "NotALake",
    "Part",
    "PartChanged",
    "PartMissing",
    "Writer",
    "check_for_closing",
    "problems_of",
    "sha256_of",
    "take_over",
]
