"""What a question wants, of a case's end too, and if it leans on the one before: docs/evaluation/intents.md."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from operator import itemgetter

from qa.encoding.inference import PADDED_TO
from qa.encoding.reader import LONGEST_INPUT, TrainedModel
from qa.models.replies import FACT, Asked, Intent, Leaning, Outcome
from qa.protocols import QuestionModel
from qa.text.sentences import sentence_spans
from qa.text.stages import outcome_words

WIDE = tuple(intent for intent in Intent if intent not in (Intent.FACT, Intent.SMALL_TALK, Intent.SERVICE))
ALL = " of all"  # ends the names of classes of questions that name no topic
OTHER = "other"  # asks for no outcome
INTENTS = (*Intent, *(intent + ALL for intent in (Intent.OVERVIEW, Intent.CHRONOLOGY, Intent.DISAGREEMENT)))
LEANINGS = (Leaning.ALONE, Leaning.LEANS, Leaning.REMARK)
OUTCOMES = (*Outcome, OTHER)
KINDS = (INTENTS, LEANINGS, OUTCOMES)
"""Classes by what they tell apart: a question has one of each kind."""

PREFIX = "query: "  # before a question, as the encoder was trained with
PERHAPS, LIKELY = 0.5, 0.65  # probability of all WIDE intents from which more than a fact may be wanted; and is
REMARKED = 0.7  # the same for what wants nothing of the articles
CERTAIN = 0.8  # from which no single sentence answers, however sure the reader is of one
MAY_LEAN, LEANS = 0.4, 0.95  # from which a question may lean on the one before, and from which it surely does
ASKS_OUTCOME = 0.7  # of both together from which a question asks how a case ended, or what a court did
REMEMBERED = 64  # questions whose classes are kept: each is asked several times


class QuestionClassifier(TrainedModel):
    """A `QuestionModel`: the packaged encoder's upper layers, trained on questions; one output for each class."""

    architecture = "BertForTokenClassification"
    name, digest = "questions", "aca2bcc8381190b552ad0469ff3be626d25cc3a9a4686dd162a557d86298ab06"
    classes = tuple(str(name) for kind in KINDS for name in kind)

    def weigh(self, question: str) -> Mapping[str, float]:
        import torch

        with self._encoder.lock, torch.inference_mode():
            model, tokenizer = self._loaded
            encoded = tokenizer(
                PREFIX + question,
                truncation=True,
                max_length=LONGEST_INPUT,
                padding=True,
                pad_to_multiple_of=PADDED_TO,
                return_token_type_ids=False,
                return_tensors="pt",
            ).to(model.device)
            # The mean of what every token says is what the mean of all tokens says.
            logits = model(**encoded).logits.float()[encoded["attention_mask"].bool()].mean(0).cpu()
        parts = logits.split([len(kind) for kind in KINDS])
        likely = torch.cat([part.softmax(-1) for part in parts]).tolist()
        return dict(zip(self.classes, likely, strict=True))


class IntentClassifier:
    """Tells intents, outcomes and leaning; without a model each question asks for a fact and stands alone."""

    def __init__(self, model: QuestionModel | None = None) -> None:
        self._weigh = lru_cache(maxsize=REMEMBERED)(model.weigh) if model is not None else None

    def classify(self, question: str) -> Asked:
        """What is not likely wide asks for one thing."""
        likely = self._likely(question)
        intents = {intent: likely.get(intent, 0.0) + likely.get(intent + ALL, 0.0) for intent in Intent}
        intent, probability = max(intents.items(), key=itemgetter(1))
        numbered = intent is Intent.SMALL_TALK and any(map(str.isdigit, question))  # "COM(2024) 60"
        if intent in (Intent.SMALL_TALK, Intent.SERVICE) and probability >= REMARKED and not numbered:
            return Asked(intent, certain=probability >= CERTAIN)
        intent = max(WIDE, key=intents.__getitem__)
        of_wide = sum(intents[wide] for wide in WIDE)
        if of_wide < PERHAPS:
            return FACT
        likely_wide = of_wide >= LIKELY and intents[intent] >= intents[Intent.FACT]
        topical = likely.get(intent, 0.0) >= likely.get(intent + ALL, 0.0)
        of_all = sum(probability for name, probability in likely.items() if name.endswith(ALL))
        certain = likely_wide and max(intents[intent], of_all) >= CERTAIN
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
        return self._weigh(_plain(question)) if self._weigh else {}


def _plain(question: str) -> str:
    """The question, not in capitals alone."""
    return question.lower() if question.isupper() else question
