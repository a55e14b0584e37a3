"""The mission of a piece, as a record and as three lines a collector can check by hand."""

from __future__ import annotations

from recognizer.records import EvidenceRecord, MissionAlternativeRecord, MissionRecord
from recognizer.types import Evidence, MissionReading

_REASONS = 3  # pieces of evidence in the line of reasons
_OTHERS = 6  # alternatives in the line of doubts


def mission_record(reading: MissionReading) -> MissionRecord:
    """The ``mission`` object of a record."""
    return MissionRecord(
        id=reading.id,
        name=reading.name,
        event=reading.event,
        status=reading.status,
        probability=reading.probability,
        evidence=[EvidenceRecord(region=e.region, says=e.says, weight=e.weight) for e in reading.evidence],
        conflicts=list(reading.conflicts),
        alternatives=[
            MissionAlternativeRecord(id=a.id, probability=a.probability) for a in reading.alternatives
        ],
    )


def mission_lines(reading: MissionReading) -> tuple[str, str, str]:
    """The answer, what decides it, and what speaks against it or is left open."""
    return _answer(reading), _reasons(reading), _doubts(reading)


def _answer(reading: MissionReading) -> str:
    if reading.id is None:
        return "Mission: undetermined"
    event = f", {reading.event}" if reading.event else ""
    return f"Mission: {reading.name}{event} ({reading.status}, {min(reading.probability, 0.999):.1%})"


def _reasons(reading: MissionReading) -> str:
    plain = [e for e in reading.evidence if e.weight == 0.0]
    weighty = [e for e in reading.evidence if e.weight > 0.0 or (reading.id is None and e.weight != 0.0)]
    together: dict[str, list[str]] = {}
    for evidence in weighty:
        who, _, what = _told(evidence).rpartition(": ")
        together.setdefault(what, []).append(who)
    told = [f"{', '.join(who)}: {what}" if any(who) else what for what, who in together.items()]
    more = len(told) - _REASONS
    told = told[:_REASONS] + [e.says for e in plain] + ([f"and {more} more"] if more > 0 else [])
    return "Because: " + ("; ".join(told) if told else "nothing read speaks for a mission")


def _told(evidence: Evidence) -> str:
    return f"{evidence.region} {evidence.says}" if evidence.region else evidence.says


def _doubts(reading: MissionReading) -> str:
    parts = list(reading.conflicts)
    if reading.alternatives:
        named = ", ".join(f"{a.id} {a.probability:.1%}" for a in reading.alternatives[:_OTHERS])
        more = len(reading.alternatives) - _OTHERS
        parts.append(f"possible: {named}" + (f" and {more} more" if more > 0 else ""))
    return "But: " + ("; ".join(parts) if parts else "nothing against it")
