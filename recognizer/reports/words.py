"""How an answer is put into words, the same on the terminal as on the picture."""

from __future__ import annotations

from recognizer.records import DateAnswer, ImageRecord, MarkAnswer, MissionRecord, RegionRecord

STRUCK = ("postmark", "handstamp")  # kinds a die makes: only they are named from the library
NOT_NAMED = "-"
CONTENT_LETTERS = 12  # of a content's hash: two of 100,000 share them once in 50,000 albums
WORTH_TELLING = 0.1  # a guess with less than one chance in ten sends a collector the wrong way


def percent(probability: float) -> str:
    """``0.974`` -> ``97 %``; only certainty is called 100 %, only impossibility 0 %."""
    whole = round(probability * 100)
    if whole == 0 and probability > 0:
        return "<1 %"
    if whole == 100 and probability < 1:
        return "99 %" if probability < 0.995 else ">99 %"
    return f"{whole} %"


def mark_name(mark: MarkAnswer | None) -> str:
    """The mark's name, ``unknown`` for a strike no mark explains, ``-`` where no name was asked for."""
    if mark is None:
        return NOT_NAMED
    if not mark.known:
        return "unknown"
    return mark.name or mark.id or "unknown"


def nearest_mark(mark: MarkAnswer | None) -> str | None:
    """The id of the mark an unknown strike may yet be; None where that would only mislead."""
    if mark is None or mark.known:
        return None
    likely = max(mark.alternatives, key=lambda a: a.probability, default=None)
    return likely.mark if likely is not None and likely.probability >= WORTH_TELLING else None


def date_words(date: DateAnswer | None) -> str | None:
    """The ISO date when every figure was read, else what stands there with ``?``; None when nothing was."""
    return None if date is None else date.value or date.text


def region_title(region: RegionRecord) -> str:
    """What a region is called: its mark when known, its kind otherwise."""
    if region.mark is not None and region.mark.known:
        return mark_name(region.mark)
    return f"unknown {region.kind}" if region.mark is not None else region.kind


def mission_title(mission: MissionRecord) -> str:
    """The mission's name, or that it is open."""
    if mission.status == "undetermined" or mission.id is None:
        return "Mission undetermined"
    return mission.name or mission.id


def mission_alternatives(mission: MissionRecord, most: int = 3) -> str | None:
    """The likeliest other missions in one line; None when there are none."""
    if not mission.alternatives:
        return None
    return ", ".join(f"{a.id} {percent(a.probability)}" for a in mission.alternatives[:most])


def image_title(image: ImageRecord) -> str:
    """The image's path, with the page where it isn't the first."""
    return image.path if image.page == 0 else f"{image.path} (page {image.page + 1})"


def strike_name(image: ImageRecord, region_id: str) -> str:
    """The name people call a region by: ``3f2a91c04d5e-r2``, on a later page ``3f2a91c04d5e-p3-r2``.

    It begins with the picture's content, so that it stays when the file is moved or renamed.
    """
    page = f"p{image.page + 1}-" if image.page else ""
    return f"{(image.sha256 or '')[:CONTENT_LETTERS]}-{page}{region_id}"


def image_facts(image: ImageRecord) -> str:
    """Size in pixels and resolution, as far as known."""
    facts = [] if image.width is None else [f"{image.width} × {image.height} px"]
    return ", ".join(facts if image.dpi is None else [*facts, f"{image.dpi:.0f} dpi"])
