"""Questions about guilt, verdict and outcome are answered by the last stage reported, and by no stronger word."""

from __future__ import annotations

import re

from qa.answering.rendering import reply_json
from qa.archive.archive import Archive
from qa.models.annotations import Stage
from qa.models.replies import TOLD_IN_STEPS, Answer, Question
from tests.each import each

from .conftest import Record, lines

PROBES = lines("outcomes.jsonl")

STRONGER = {
    0: r"charged|on trial|convict|guilty|sentenced|acquit|appeal|condenad|culpab|absuelt",
    1: r"on trial|convict|guilty|sentenced|acquit|appeal|condenad|culpab|absuelt",
    2: r"convict|guilty|sentenced|acquit|appeal|condenad|culpab|absuelt",
}
"""What must not be said of a case that has only reached a level."""


def own_words(value: Record) -> str:
    """The reply's text without what it quotes, names and was asked."""
    text = str(value["text"])
    quoted = [one["quote"] for one in value["citations"]] + [one["title"] for one in value["nearest"]]
    cases = [one for one in (value["status"], *value["other_cases"]) if one]
    for words in (*quoted, *(one["quote"] for one in cases), *(one["event"]["name"] for one in cases)):
        text = text.replace(words, "")
    return re.sub(r"“[^”]*”", "", text)


NO_VERDICT = re.compile(r"The archive holds no verdict\.|El archivo no contiene ninguna sentencia\.")
"""As it is said in the question's language."""


@each("probe", PROBES)
def test_the_source_s_stage_is_kept(probed: dict[str, Archive], probe: Record) -> None:
    archive = probed[probe["archive"]]
    reply = archive.reply(Question(probe["question"]))
    value = reply_json(reply, id=None, seconds=0)
    status = value["status"]
    if probe["stage"] is None:
        assert status is None, status
        assert value["answered"] is False, value["text"]
        assert not NO_VERDICT.search(value["text"]), value["text"]
        return
    if status is None:  # "How did it end?" may be told step by step, in the sources' words alone
        assert isinstance(reply, Answer)
        assert reply.intent in TOLD_IN_STEPS, value["text"]
        assert not re.search(STRONGER[0], own_words(value | {"other_cases": []}), re.IGNORECASE), value["text"]
        return
    if probe["stage"] != "*":
        assert status["stage"] == probe["stage"].replace(" ", "_"), value["text"]
    if probe["as_of"]:
        assert str(status["as_of"]).startswith(probe["as_of"]), value["text"]
    if probe["case"]:
        assert probe["case"] in status["event"]["name"], value["text"]
    assert status["verdict_held"] is probe["verdict_held"], value["text"]
    assert bool(NO_VERDICT.search(value["text"])) is any(
        not one["verdict_held"] for one in (status, *value["other_cases"])
    )
    body = archive.article(status["article_id"]).body
    assert body[status["start"] : status["end"]] == status["quote"]
    for one in (status, *value["other_cases"]):
        level = Stage(one["stage"]).level
        assert level == 3 or not re.search(STRONGER[level], one["text"], re.IGNORECASE), one
    highest = max(Stage(one["stage"]).level for one in (status, *value["other_cases"]))
    assert highest == 3 or not re.search(STRONGER[highest], own_words(value), re.IGNORECASE), value["text"]
