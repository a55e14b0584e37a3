"""Which pieces a person should look at, and why."""

from __future__ import annotations

from recognizer.records import CoverRecord

DOUBTFUL_NAME = 0.8  # a name that is wrong once in five times is worth a glance


def reasons(cover: CoverRecord) -> list[str]:
    """Why a person should look at this piece, in words; empty when nothing is open."""
    found = []
    struck = [r for r in cover.regions if r.mark is not None]
    unknown = sum(not r.mark.known for r in struck if r.mark)
    doubtful = sum(r.mark.known and r.mark.probability < DOUBTFUL_NAME for r in struck if r.mark)
    undated = sum(r.date is not None and r.date.value is None for r in struck)
    # Dates of no mission on a cover without a known mark tell no contradiction: most letters never flew.
    if cover.mission.conflicts and (cover.mission.id or any(r.mark.known for r in struck if r.mark)):
        found.append(f"contradiction: {cover.mission.conflicts[0]}")
    if unknown:
        found.append(f"{_strikes(unknown)} of no known mark")
    if doubtful:
        found.append(f"{_strikes(doubtful)} with a doubtful name")
    if undated:
        found.append(f"{_strikes(undated)} with a date not fully read")
    if struck and cover.mission.status == "probable":
        found.append("mission only probable")
    return found


def _strikes(number: int) -> str:
    return f"{number} strike{'s' * (number != 1)}"
