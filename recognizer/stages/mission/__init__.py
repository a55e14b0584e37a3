"""The mission that everything on a piece speaks for: weighed evidence, not a chain of ifs.

``piece`` gathers what strikes and texts say, from ``days``, ``marks`` and ``texts``; ``weigh`` multiplies it
out over all flights and events; ``reading`` decides; ``evidence`` and ``conflicts`` put it in words.
"""

from recognizer.stages.mission.reading import suggest_mission

__all__ = ["suggest_mission"]
