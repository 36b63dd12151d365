"""The closing calendar of a month: what is due by when (291/2020:15, 20, 26, 38, 56, 58, and the
Fund's own days)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from qor.law.nouns.citations import Citation
from qor.law.nouns.months import Month
from qor.law.reading.calendar import term_end
from qor.law.reading.figures import figure

_QUARTER = 3


@dataclass(frozen=True, slots=True)
class DueDay:
    """One day of the calendar: what is due (a key of words), by when, and the clause or the Fund's
    own setting."""

    what: str
    due_on: date
    cites: tuple[Citation, ...]


def closing_calendar(month: Month) -> list[DueDay]:
    """What is due after a month, in order of the day: the register, its return, the protocol,
    refusal and answer, reports, the quarter.

    Days of the next month; terms in working days from the day before them. Sources: 291/2020:15,
    291/2020:20, 291/2020:38, 291/2020:56, 291/2020:58.
    """
    after = month.shift(1)
    days = [
        _on_day("register_day", after),
        _on_day("protocol_day", after),
        _on_day("allowance_report_day", after),
    ]
    register, protocol = days[0], days[1]
    days.append(_in_term("register_return_term", register.due_on))
    refusal = _in_term("protocol_refusal_term", protocol.due_on)
    days += [refusal, _in_term("protocol_answer_term", refusal.due_on)]
    if month.number % _QUARTER == 0:
        closing = _on_day("quarter_closing_day", after)
        days += [
            closing,
            _in_term("indicator_confirmation_term", closing.due_on),
            _on_day("stimulus_report_day", after),
        ]
    return sorted(days, key=lambda day: (day.due_on, day.what))


def _on_day(name: str, month: Month) -> DueDay:
    number = figure(name, month.first)
    return DueDay(name, month.first.replace(day=number.whole), number.cites)


def _in_term(name: str, from_day: date) -> DueDay:
    number = figure(name, from_day)
    return DueDay(name, term_end(from_day, number.whole), number.cites)
