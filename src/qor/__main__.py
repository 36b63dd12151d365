"""`python -m qor`: the command line."""

import signal
import sys
from types import FrameType
from typing import NoReturn


class Interrupted(KeyboardInterrupt):
    """Ctrl-C. Python ends itself by the signal, whatever the exit code, once a bare
    KeyboardInterrupt has passed through code that it was given as a string (a dataclass, a named
    tuple), even if it was caught; its subclasses pass as any other error."""


_received: list[int] = []


def _interrupt(number: int, _frame: FrameType | None) -> NoReturn:
    _received.append(number)
    raise Interrupted


if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, _interrupt)
try:
    from qor.interfaces.cli.main import main

    code = main()
    # The work is done: an interrupt while the interpreter ends must not turn it into a failure.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
except BaseException:
    # While the program itself was being read: Python may make another error of an interrupt, as of
    # one that comes while it compiles a module (a SyntaxError: "can't load unicodedata module").
    if not _received:
        raise
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    code = 130
sys.exit(code)
