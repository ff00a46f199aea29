"""What another encoder's scores say on the scale of the one that answering was calibrated with.

The cosines of one family of encoders lie between 0 and 1, those of another between .7 and 1: taken as they are, all
that is found would count as an answer. So each encoder is asked for the same few questions, each with the sentence
that answers it and with those that answer the others, and its scores are moved and stretched until both means are
where the packaged encoder has them.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean

REFERENCE = (
    ("Who opened the new bridge?", "The mayor opened the bridge over the river on Sunday."),
    ("When did the ferry sink?", "The ferry sank in a storm in October 1954."),
    ("How many pupils does the school have?", "Some 640 pupils go to the school on the hill."),
    ("Where is the museum of clocks?", "The clock museum stands beside the old town hall."),
    ("Why was the airport closed?", "Fog kept the airport shut until noon."),
    ("What did the council decide about the park?", "The council voted to keep the park open at night."),
    ("Which team won the cup?", "The visitors beat the champions and took the cup home."),
    ("How long did the strike last?", "The bakers went back to work after eleven days on strike."),
    ("What does a ticket cost?", "A single ticket is two pounds, a day ticket five."),
    ("Who wrote the opera?", "The opera is the work of a young composer from Porto."),
    ("How high is the tower?", "The television tower measures 310 metres."),
    ("When does the library open?", "Readers can use the library from nine on weekdays."),
    ("What grows on the island?", "Olives and almonds are grown on the island's south side."),
    ("Who pays for the new hospital?", "Half of the money for the hospital comes from the region."),
    ("How was the painting found?", "A cleaner came upon the painting behind a cupboard."),
    ("Is the road safe in winter?", "Snow makes the mountain road dangerous from December."),
)
"""Questions, and the sentences that answer them."""


@dataclass(frozen=True, slots=True)
class Means:
    """The mean score of sentences that answer their question, and that of sentences that answer another."""

    answering: float
    other: float


LATE = Means(answering=0.683, other=0.138)
"""Those of late interaction with the packaged encoder."""

COSINE = Means(answering=0.622, other=0.078)
"""Those of the cosines of its questions and sentences."""


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from one encoder's scores to another's."""

    factor: float = 1.0
    offset: float = 0.0

    @classmethod
    def between(cls, own: Means, wanted: Means) -> Scale:
        """The line that brings both means to where they are wanted; as it is, where they can't be told apart."""
        if own.answering - own.other <= 0:
            return cls()
        factor = (wanted.answering - wanted.other) / (own.answering - own.other)
        return cls(factor, wanted.answering - factor * own.answering)

    def __call__(self, score: float) -> float:
        return min(1.0, max(-1.0, self.factor * score + self.offset))


def means(scores: list[list[float]]) -> Means:
    """Of the scores of each question (rows) with each sentence (columns); the diagonal's belong together."""
    size = range(len(scores))
    others = [scores[row][column] for row in size for column in size if row != column]
    return Means(fmean(scores[at][at] for at in size), fmean(others))
