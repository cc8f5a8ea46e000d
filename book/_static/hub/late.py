"""A tenth of the points for each day, or part of a day, that a submission is late."""

from math import ceil

from nbgrader.plugins import BasePlugin

DAY = 24 * 60 * 60


class TenthADay(BasePlugin):
    """A penalty as nbgrader asks for it: points for a learner, a score and seconds."""

    def late_submission_penalty(
        self, student_id: str, score: float, total_seconds_late: float
    ) -> float:
        """The points that are taken off, never more than there are."""
        return min(score, score * ceil(total_seconds_late / DAY) / 10)
