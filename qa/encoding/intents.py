"""What a question wants, if it leans on the one before, and which of its words ask: docs/evaluation/intents.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import accumulate, combinations
from typing import TYPE_CHECKING

from qa.encoding.reader import TrainedModel
from qa.models.archive import Span
from qa.models.replies import FACT, REMARKING, Asked, Intent, Leaning, Outcome
from qa.protocols import OutletReading, QuestionModel, QuestionReading
from qa.text.sentences import sentence_spans
from qa.text.stages import outcome_words
from qa.text.terms import word_matches, words

if TYPE_CHECKING:
    from torch import Tensor

WIDE = tuple(intent for intent in Intent if intent not in (Intent.FACT, *REMARKING))
ALL = " of all"  # ends the names of classes of questions that name no topic
OTHER = "other"  # asks for no outcome
INTENTS = (*Intent, *(intent + ALL for intent in (Intent.OVERVIEW, Intent.CHRONOLOGY, Intent.DISAGREEMENT)))
LEANINGS = (Leaning.ALONE, Leaning.LEANS, Leaning.REMARK)
OUTCOMES = (*Outcome, OTHER)
KINDS = (INTENTS, LEANINGS, OUTCOMES)
"""Classes by what they tell apart: a question has one of each kind."""

PREFIX = "query: "  # before a question, as the encoder was trained with
PERHAPS, LIKELY = 0.5, 0.65  # probability of all WIDE intents from which more than a fact may be wanted; and is
SURELY = 0.95  # the same from which it surely is, whichever of them is likeliest; and both that want no article
CERTAIN = 0.8  # from which no single sentence answers, however sure the reader is of one; or from which a remark is one
MAY_LEAN, LEANS = 0.4, 0.95  # from which a question may lean on the one before, and from which it surely does
ASKS_OUTCOME = 0.7  # of both together from which a question asks how a case ended, or what a court did
HEAD_LAYERS = slice(8, 11)  # states of the encoder as it is, and behind the first two layers that were trained
HEADS = ("aside", "outlet", "told", "all")
BESIDE_NAME = 2  # tokens before a name, and behind it, that tell what it is there for
SURELY_BESIDE = 12.0  # log odds of all words before or behind a question together from which they are an aside
BESIDE = " ,;:.–—-"  # what is left of an aside's punctuation
REMEMBERED = 64  # questions whose classes are kept: each is asked several times


class QuestionClassifier(TrainedModel):
    """A `QuestionModel`: the packaged encoder's upper layers, trained on questions; one output for each class.

    Linear heads over tokens' states in three layers tell what is an aside, and whose reports are wanted.
    """

    architecture = "BertForTokenClassification"
    name, digest = "questions", "4abdafd762fea9cb8c9c1c254fce0e195e3159078b874df23df15b0ecb042e83"
    classes = tuple(str(name) for kind in KINDS for name in kind)

    def read(self, question: str) -> QuestionReading:
        import torch

        placed, logits, states = self.tokens(question)
        # The mean of what every token says is what the mean of all tokens says.
        parts: tuple[Tensor, ...] = logits.mean(0).split([*map(len, KINDS)])  # type: ignore[no-untyped-call]
        likely = torch.cat([part.softmax(-1) for part in parts]).tolist()
        weight, bias = self._heads["aside"]
        odds = (states @ weight + bias).tolist()
        asked = asked_of(question, [(span, of) for span, of in zip(placed, odds, strict=True) if span])
        return QuestionReading(dict(zip(self.classes, likely, strict=True)), asked)

    def tokens(self, question: str) -> tuple[list[Span | None], Tensor, Tensor]:
        """Of each token where it stands, what it says of each class, and its states in the layers that heads go by."""
        import torch

        encoded, output = self._run([PREFIX + question], output_hidden_states=True)
        offsets, present = encoded["offset_mapping"][0] - len(PREFIX), encoded["attention_mask"][0].bool()
        states = torch.cat(output.hidden_states[HEAD_LAYERS], dim=-1)
        # A token begins with the space before it.
        placed = [Span(max(0, first), last) if last > 0 else None for first, last in offsets[present].tolist()]
        return placed, output.logits[0].cpu()[present].float(), states[0].cpu()[present].float()

    def read_outlet(self, question: str, name: Span) -> OutletReading | None:
        """Whether what an outlet named there reports is wanted, not something about it, and what of that."""
        states = self.around(question, name)
        if states is None:
            return None
        near, rest = states
        (weight, bias), *others = (self._heads[head] for head in ("outlet", "told", "all"))
        return OutletReading(float(near @ weight + bias), *(float(rest @ weight + bias) for weight, bias in others))

    def around(self, question: str, name: Span) -> tuple[Tensor, Tensor] | None:
        """The mean states of a name's tokens, of those right before and right behind it, (9 × width,); of all but its.

        None where it lies behind what is read.
        """
        import torch

        placed, _, states = self._tokens(question)
        inside = [number for number, span in enumerate(placed) if span and span.overlaps(name)]
        if not inside:
            return None
        first, last = inside[0], inside[-1]
        outside = [number for number, span in enumerate(placed) if span and number not in inside]
        before = [number for number in outside if first - BESIDE_NAME <= number < first]
        behind = [number for number in outside if last < number <= last + BESIDE_NAME]
        *near, rest = (
            states[part].mean(0) if part else torch.zeros(states.shape[1]) for part in (inside, before, behind, outside)
        )
        return torch.cat(near), rest

    @cached_property
    def _tokens(self) -> Callable[[str], tuple[list[Span | None], Tensor, Tensor]]:
        return lru_cache(maxsize=2)(self.tokens)  # of a question with several names

    @cached_property
    def _heads(self) -> Mapping[str, tuple[Tensor, Tensor]]:
        packaged = self.packaged()
        return {name: (packaged[f"{name}.weight"][0], packaged[f"{name}.bias"]) for name in HEADS}


def asked_of(question: str, tokens: Sequence[tuple[Span, float]]) -> Span:
    """The words of a question but for asides before and behind it; of each token the log odds that it is of one."""
    start, end = 0, len(question)
    until = [0.0, *accumulate(odds for _, odds in tokens)]
    # The stretch of tokens that is least of an aside; of nothing but asides all of it is read.
    stretches = combinations(range(len(until)), 2)
    first, last = max(stretches, key=lambda ends: until[ends[0]] - until[ends[1]], default=(0, 0))
    if until[first] > until[last]:
        start = tokens[first][0].start if until[first] >= SURELY_BESIDE else start
        is_whole = tokens[-1][0].end >= len(question.rstrip())  # else nobody knows what its end says
        end = tokens[last - 1][0].end if is_whole and until[-1] - until[last] >= SURELY_BESIDE else end
    for word in (Span(*match.span()) for match in word_matches(question)):  # no half of one
        start = word.start if word.start < start < word.end else start
        end = word.end if word.start < end < word.end else end
    return Span(start, end)


class IntentClassifier:
    """Tells intents, outcomes, leaning and asides; without a model each question asks for a fact and stands alone."""

    def __init__(self, model: QuestionModel | None = None) -> None:
        self._model, self._read = model, lru_cache(maxsize=REMEMBERED)(model.read) if model is not None else None

    def asked(self, question: str) -> str:
        """The question without what is said beside it: who asks, why, in which form it is wanted."""
        plain = _plain(question)
        if self._read is None or len(plain) != len(question):
            return question
        span = self._read(plain).asked
        asked = question[span.start : span.end]
        asked = asked.lstrip(BESIDE) if span.start else asked
        asked = asked.rstrip(BESIDE) if span.end < len(question) else asked
        beside = (plain[: span.start], plain[span.end :])
        # Who is called guilty in it asks for a verdict, wherever that stands.
        return question if not words(asked) or any(map(outcome_words("guilt").search, beside)) else asked

    def read_outlet(self, question: str, name: Span) -> OutletReading | None:
        """Whether the reports of an outlet named there are wanted; None where nothing tells."""
        plain = _plain(question)
        return self._model.read_outlet(plain, name) if self._model and len(plain) == len(question) else None

    def classify(self, question: str) -> Asked:
        """What is not likely wide asks for one thing."""
        likely = self._likely(question)
        intents = {intent: likely.get(intent, 0.0) + likely.get(intent + ALL, 0.0) for intent in Intent}
        intent = max(intents, key=intents.__getitem__)
        remark = sum(intents[of_it] for of_it in REMARKING)  # "Who are you?" may be either
        numbered = intent is Intent.SMALL_TALK and any(map(str.isdigit, question))  # "COM(2024) 60"
        if intent in REMARKING and remark >= CERTAIN and not numbered:
            return Asked(intent, certain=remark >= SURELY)
        intent = max(WIDE, key=intents.__getitem__)
        of_wide = sum(intents[wide] for wide in WIDE)
        if of_wide < PERHAPS:
            return FACT
        likely_wide = of_wide >= LIKELY and intents[intent] >= intents[Intent.FACT]
        topical = likely.get(intent, 0.0) >= likely.get(intent + ALL, 0.0)
        of_all = sum(probability for name, probability in likely.items() if name.endswith(ALL))
        certain = likely_wide and (max(intents[intent], of_all) >= CERTAIN or of_wide >= SURELY)
        return Asked(intent, topical=topical, certain=certain, likely=likely_wide)

    def outcome(self, question: str) -> Outcome | None:
        """What a question wants to know of a case's end; None where it wants something else."""
        plain = _plain(question)
        sentences = [plain[span.start : span.end] for span in sentence_spans(plain)]
        # Nothing else may answer that, whatever stands beside it.
        if any(map(outcome_words("guilt").search, sentences)):
            return Outcome.VERDICT
        likely = self._likely(question)
        asked = sum(likely.get(outcome, 0.0) for outcome in Outcome) >= ASKS_OUTCOME
        return max(Outcome, key=likely.__getitem__) if asked else None

    def leaning(self, question: str) -> Leaning:
        """Whether it can be understood without the one before."""
        likely = self._likely(question)
        leans = likely.get(Leaning.LEANS, 0.0)
        if leans >= MAY_LEAN:
            return Leaning.LEANS if leans >= LEANS else Leaning.MAY_LEAN
        remark = likely.get(Leaning.REMARK, 0.0) > likely.get(Leaning.ALONE, 1.0)
        return Leaning.REMARK if remark else Leaning.ALONE

    def _likely(self, question: str) -> Mapping[str, float]:
        """The probability of each class."""
        return self._read(_plain(question)).likely if self._read else {}


def _plain(question: str) -> str:
    """The question, not in capitals alone."""
    return question.lower() if question.isupper() else question
