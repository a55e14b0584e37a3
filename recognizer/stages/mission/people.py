"""Whom a text names: the crews of the catalogue, in either alphabet and any transliteration."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from recognizer.flights import Catalogue
from recognizer.stages.mission.spelling import Word, differ_by_one, latin, plain, sound

_SHORT = 4  # letters; names as short as Lu, Yui or Koch count only with a capital letter
_FUZZY = 6  # letters; a name as long as this may differ by one letter


@lru_cache(maxsize=4)
def _surnames(catalogue: Catalogue) -> Mapping[str, frozenset[str]]:
    """By the sound of the surname, all its words run together: who bears it."""
    bearers: dict[str, set[str]] = {}
    for name in {n for f in catalogue.flights.values() for n in (*f.crew_up, *(f.crew_down or ()))}:
        person = catalogue.people.get(name)
        spellings = (
            [person.surname, person.surname_ru or person.surname, *person.also]
            if person
            else [name.split()[-1]]
        )
        for spelling in spellings:
            bearers.setdefault(sound("".join(plain(spelling))), set()).add(name)
    return {key: frozenset(names) for key, names in bearers.items()}


def people_named(words: Sequence[Word], catalogue: Catalogue) -> Iterator[frozenset[str]]:
    """Each person named, once; namesakes stay together unless a given name tells them apart."""
    bearers = _surnames(catalogue)
    given: set[frozenset[str]] = set()
    i = 0
    while i < len(words):
        for size in (3, 2, 1):
            who = _bearers(words[i : i + size], bearers) if i + size <= len(words) else frozenset()
            if who:
                who = _by_given_name(who, words[i - 1].text if i else "")
                if who not in given:
                    given.add(who)
                    yield who
                i += size - 1
                break
        i += 1


def _bearers(words: Sequence[Word], bearers: Mapping[str, frozenset[str]]) -> frozenset[str]:
    joined = "".join(word.text for word in words)
    if not joined.isalpha() or (len(joined) <= _SHORT and not words[0].capital):
        return frozenset()
    heard = sound(joined)
    if heard in bearers:
        return bearers[heard]
    if len(heard) < _FUZZY or len(words) > 1:
        return frozenset()
    near = [who for key, who in bearers.items() if differ_by_one(key, heard)]
    return near[0] if len(near) == 1 else frozenset()


def _by_given_name(who: frozenset[str], before: str) -> frozenset[str]:
    if len(who) == 1 or not before.isalpha():
        return who
    fits = frozenset(n for n in who if latin(n).startswith(before) and n)
    return fits or who
