"""Days in words."""

from __future__ import annotations

from datetime import date

from exercises.texts import say

MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def day_words(day: date) -> str:
    """A day such as "3 March 2026", the same on every machine."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def due_words(day: date, today: date) -> str:
    """When something is due: today, tomorrow, or on which day."""
    if day <= today:
        return say("progress_due_today")
    if (day - today).days == 1:
        return say("progress_due_tomorrow")
    return say("progress_due_on", day=day_words(day))
