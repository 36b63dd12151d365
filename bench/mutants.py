"""Mutants of the law floor, each run against the law's own tests, and of the pages' contexts.

    ./qor bench mutants [--sample 60] [--seed 1] [--only PART] [--workers 2] [--no-pages]

The sites and what becomes of them: `tests/house/mutants.py`.

Each mutant is a process of its own, forked from one that has read pytest and the pages of law: the
changed module takes the place of its file, and the tests run that enter its function (all of
`tests/law` for what runs while modules are read). A mutant that takes more than a
minute of CPU goes round for ever and counts as noticed; how many did is printed. What no
test can tell from the law stands in `bench/equivalent_mutants.yaml` with its reason.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.abc
import importlib.machinery
import os
import pickle
import random
import resource
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as Xml
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import coverage
import pytest
import yaml

sys.path[:0] = [str(Path(__file__).parent.parent), str(Path(__file__).parent.parent / "src")]

from tests.house.mutants import LAW, Key, Mutant, mutants  # noqa: E402

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ROOT / "src"
LEAST_PERCENT = 95
MOST_SECONDS = 60  # of CPU: all tests of law take three
_ALL = "tests/law"
_PAGES = "tests/portal/test_contexts.py::test_every_lost_key_is_noticed"
_QUIET = "-x -q -p no:cacheprovider -W ignore::pytest.PytestConfigWarning".split()


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Gives one module of the law in its changed form."""

    def __init__(self, mutant: Mutant) -> None:
        self.name = "qor.law." + mutant.file.removesuffix(".py").replace("/", ".")
        self.name = self.name.removesuffix(".__init__")
        self.path, self.tree = LAW / mutant.file, mutant.module()

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if name != self.name:
            return None
        return importlib.machinery.ModuleSpec(name, self, origin=str(self.path))

    def exec_module(self, module: ModuleType) -> None:
        module.__file__ = str(self.path)
        exec(compile(self.tree, str(self.path), "exec"), vars(module))  # noqa: S102


class _Watch:
    """Notes which test enters which line: what is read once only is read anew for each test."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        self.measured.switch_context(f"{item.nodeid.partition('[')[0]}")
        for name, module in list(sys.modules.items()):
            if name.startswith("qor.law.") and name != "qor.law.pages":
                for value in vars(module).values():
                    if (
                        value.__class__.__name__ == "_lru_cache_wrapper"
                        and value.__module__ == name
                    ):
                        value.cache_clear()


def tests_of_lines() -> dict[str, dict[int, set[str]]]:
    """The tests of each line of each file of law; "" stands for what runs outside of tests."""
    measured = coverage.Coverage(data_file=None, source=[str(LAW)], config_file=False)
    measured.start()
    outcome = pytest.main([*_QUIET, _ALL], plugins=[_Watch(measured)])
    measured.stop()
    if outcome:
        raise SystemExit("the law's own tests are red")
    data = measured.get_data()
    return {
        Path(path).relative_to(LAW).as_posix(): {
            line: set(names) for line, names in data.contexts_by_lineno(path).items()
        }
        for path in data.measured_files()
    }


def tests_of(mutant: Mutant, known: dict[str, dict[int, set[str]]]) -> list[str]:
    """The tests that enter the mutant's function; all where it runs while modules are read."""
    if not mutant.lines or mutant.file == "pages.py":
        return [_ALL]
    lines = known.get(mutant.file, {})
    names = {name for line in mutant.lines for name in lines.get(line, ())}
    return [_ALL] if "" in names else sorted(names)


def _run(mutant: Mutant, tests: list[str]) -> int:
    """In a process of its own: the exit code of the tests."""
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    if mutant.file == "pages.py":
        del sys.modules["qor.law.pages"]
        delattr(sys.modules["qor.law"], "pages")
    sys.meta_path.insert(0, _Changed(mutant))
    return int(pytest.main([*_QUIET, *tests]))


def _silent() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _told_by_child(work: Any) -> Any:
    """What a forked process works out."""
    readable, writable = os.pipe()
    if not (child := os.fork()):
        os.close(readable)
        _silent()
        with os.fdopen(writable, "wb") as out:
            pickle.dump(work(), out)
        os._exit(0)
    os.close(writable)
    with os.fdopen(readable, "rb") as answer:
        text = answer.read()
    os.waitpid(child, 0)
    if not text:
        raise SystemExit("the law's own tests are red")
    return pickle.loads(text)  # noqa: S301


def survivors(chosen: list[Mutant], workers: int) -> tuple[list[Mutant], int]:
    """The mutants that the law's tests do not notice, and how many were ended for their CPU."""
    endless = 0
    known = _told_by_child(tests_of_lines)
    waiting = [(mutant, tests_of(mutant, known)) for mutant in reversed(chosen)]
    running: dict[int, Mutant] = {}
    alive = [mutant for mutant, tests in waiting if not tests]
    waiting = [(mutant, tests) for mutant, tests in waiting if tests]
    while waiting or running:
        if waiting and len(running) < workers:
            mutant, tests = waiting.pop()
            if not (child := os.fork()):
                _silent()
                os._exit(_run(mutant, tests))
            running[child] = mutant
            continue
        child, status = os.wait()
        mutant = running.pop(child)
        ended = os.waitstatus_to_exitcode(status)
        endless += ended < 0
        if ended in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.USAGE_ERROR):
            raise SystemExit(f"the tests of {mutant.key} did not run: {ended}")
        if ended in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
            alive.append(mutant)
    return sorted(alive, key=lambda mutant: (mutant.file, mutant.line)), endless


def equivalents() -> dict[Key, str]:
    """The mutants that no test can tell from the law, each with its reason."""
    listed = yaml.safe_load((ROOT / "bench" / "equivalent_mutants.yaml").read_text("utf-8")) or []
    return {
        (e["file"], e["function"], e["before"], e["after"], e.get("nth", 1)): e["reason"]
        for e in listed
    }


def page_contexts() -> int:
    """How many contexts of pages were rendered without one of their keys, each noticed; 0 if the
    test is red."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        line = [sys.executable, "-m", "pytest", "-q", "-n", "0", f"--junit-xml={report}", _PAGES]
        if subprocess.run(line, cwd=ROOT, stdout=subprocess.DEVNULL, check=False).returncode:
            return 0
        properties = Xml.parse(report).iter("property")  # noqa: S314
        return next(int(p.attrib["value"]) for p in properties if p.attrib["name"] == "mutants")


def _prepare() -> None:
    """Read once, for all processes, what no mutant changes."""
    os.chdir(ROOT)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    for name in ("hypothesis", "hypothesis.strategies"):
        importlib.import_module(name)
    pages = importlib.import_module("qor.law.pages")
    for folder in sorted({path.parent for path in (LAW / "kz").rglob("*.yaml")}):
        package = ".".join(folder.relative_to(SOURCES).parts)
        for name in pages.page_names(package):
            pages.page(package, name)


def main() -> int:
    """Exit code 1 where fewer than 95 of a hundred mutants were noticed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sample", type=int, help="so many of them, chosen by the seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="files whose name holds this")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--no-pages", action="store_true")
    args = parser.parse_args()
    started = time.monotonic()
    every, excused = mutants(), equivalents()
    stale = sorted(excused.keys() - {mutant.key for mutant in every})
    chosen = [m for m in every if args.only in m.file and m.key not in excused]
    if args.sample:
        dice = random.Random(args.seed)  # noqa: S311
        chosen = dice.sample(chosen, min(args.sample, len(chosen)))
    _prepare()
    alive, endless = survivors(chosen, args.workers)
    percent = 100 * (len(chosen) - len(alive)) / max(len(chosen), 1)
    for mutant in alive:
        place = f"src/qor/law/{mutant.file}:{mutant.line} {mutant.function}"
        print(f"survived  {place}\n    {mutant.before}\n    {mutant.after}")
    for key in stale:
        print(f"no such mutant  {' | '.join(map(str, key))}")
    for file, number in Counter(mutant.file for mutant in alive).most_common():
        print(f"{number:4} {file}")
    seconds = time.monotonic() - started
    print(
        f"law: {len(every)} mutants, {sum(mutant.key in excused for mutant in every)} of them"
        f" equivalent; {len(chosen)} run,"
        f" {len(chosen) - len(alive)} noticed: {percent:.1f} % in {seconds:.0f} s"
        f" ({endless} ended after a minute of CPU)"
    )
    failed = bool(stale) or percent < LEAST_PERCENT
    if not args.no_pages:
        contexts = page_contexts()
        print(
            f"pages: {contexts} contexts without one of their keys, all noticed"
            if contexts
            else "pages: a lost key is not noticed, see " + _PAGES
        )
        failed = failed or not contexts
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
