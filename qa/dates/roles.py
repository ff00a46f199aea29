"""What single words can say about tense."""

from __future__ import annotations

from qa.dates.grammar import TenseWords


def role_of(word: str, words: TenseWords) -> str:
    """What a word can say about tense, as one letter; a space for nothing.

    p past, f future, e future by its ending, M future and before a participle, m only that, c carrier, h past and
    carrier, b future before "to", B that or past; the others as in `lists`.
    """
    regular = len(word) > 3 and word not in words.neither and word.endswith(words.past_endings)
    past = regular or word in words.past
    lists = {
        "v": words.vows,
        "w": words.towards,
        "o": words.owing,
        "t": words.timetabled,
        "r": words.reporting,
        "n": words.ends_in_view,
        "a": words.adjoining,
        "s": words.scheduled,
        "i": words.planning,
    }
    for role, known in lists.items():
        if word in known:
            return role
    if word in words.before_to:
        return "B" if past else "b"
    if word in words.modals:
        return "M" if word in words.future else "m"
    if word in words.future:
        return "f"
    if word.endswith(words.future_endings):
        return "e"
    if word in words.carriers or (words.carriers and word.endswith("ly")):
        return "h" if past else "c"
    return "p" if past else " "
