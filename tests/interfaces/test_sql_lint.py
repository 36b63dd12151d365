"""SQL that was found clean is not linted again; what was not, is."""

from __future__ import annotations

from pathlib import Path

from qor.interfaces.cli.sql_lint import lint_sql


class Linter:
    """Notes what it is given; finds something wrong where a file holds `wrong`."""

    def __init__(self, root: Path) -> None:
        self.root, self.given = root, list[list[str]]()

    def __call__(self, files: list[str]) -> bool:
        self.given.append(files)
        return any("wrong" in (self.root / file).read_text() for file in files)


def test_only_what_changed_is_linted(tmp_path: Path) -> None:
    """All at first, then what is new, then all under other rules; what was wrong is asked about
    until it is not."""
    (tmp_path / "src").mkdir()
    one, two, rules = (tmp_path / name for name in ("src/a.sql", "src/b.sql", "pyproject.toml"))
    for path in (one, two, rules):
        path.write_text("as it was")
    linter = Linter(tmp_path)
    both = ["src/a.sql", "src/b.sql"]
    assert not lint_sql(tmp_path, linter) and not lint_sql(tmp_path, linter)
    assert linter.given == [both]
    two.write_text("wrong")
    assert lint_sql(tmp_path, linter) and lint_sql(tmp_path, linter)
    two.write_text("right")
    assert not lint_sql(tmp_path, linter) and not lint_sql(tmp_path, linter)
    assert linter.given[1:] == [["src/b.sql"]] * 3
    rules.write_text("other rules")
    assert not lint_sql(tmp_path, linter) and linter.given[4:] == [both]
    two.unlink()
    two.with_name("c.sql").write_text("right")  # the same text at another place
    assert not lint_sql(tmp_path, linter) and linter.given[5:] == [["src/c.sql"]]
