"""The questions that the page of the demo archive offers are answered by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answering.view import ReplyView
from qa.archive.archive import Archive
from qa.models.replies import Answer, Question

CORPUS = Path(__file__).parents[2] / "corpus"
ANSWERING = {
    "How many people were arrested in Spain in March 2005?": "2005-03-16-reuters-twelve-country-search",
    "What is this case about?": "2005-03-16-reuters-twelve-country-search",
    "Who recommended that internet providers keep connection data?": "2005-03-17-el-pais-ombudsman-connection-data",
    "How many arrests did Operación Azahar lead to?": "2006-02-25-la-opinion-and-el-periodico-azahar",
    "¿Cuántas personas fueron detenidas en España en marzo de 2005?": "2005-03-17-el-pais-operacion-cerbero",
    "¿Dónde se presentó la denuncia?": "undated-faro-de-vigo-casos-aislados",
    "¿Cuántas personas fueron detenidas en España en la Operación Azahar?": "2006-02-24-el-pais-operacion-azahar",
    "¿Era una red o eran casos aislados?": "undated-faro-de-vigo-casos-aislados",
}


def test_each_has_four_questions() -> None:
    offered = [CORPUS.joinpath(name).read_text(encoding="utf-8") for name in ("examples.list", "examples.es.list")]
    assert [len(text.splitlines()) for text in offered] == [4, 4]
    assert "".join(offered).splitlines() == list(ANSWERING)


@pytest.mark.parametrize(("question", "article_id"), ANSWERING.items())
def test_they_are_answered_without_possibly(probed: dict[str, Archive], question: str, article_id: str) -> None:
    reply = probed["demo"].reply(Question(question))
    assert isinstance(reply, Answer)
    assert article_id in {quote.source.article_id for quote in reply.citations}
    direct = ReplyView(reply).direct
    assert direct is None or direct.words
