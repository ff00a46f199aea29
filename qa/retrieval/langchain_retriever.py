"""Any of our retrievers as a LangChain retriever, for chains and agents that are built around the archive."""

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from qa.models.dates import Dates
from qa.models.replies import Hit, Question


class ArchiveRetriever(BaseRetriever):
    """Finds passages as documents, best first, each verbatim: `article.body[start:end]` by its metadata."""

    retriever: Any = Field(description="A `qa.protocols.Retriever`.", exclude=True, repr=False)
    limit: int = Field(10, ge=1, description="Documents at most.")
    between: Dates = Field(default=Dates(), description="Publication dates, inclusive.")

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        between = self.between
        question = Question(query, between.first, between.last, between.outlet, between.language)
        return list(map(_document, self.retriever.find(question, limit=self.limit)))


def _document(hit: Hit) -> Document:
    passage, source = hit.passage, hit.passage.source
    return Document(
        id=passage.passage_id,
        page_content=passage.text,
        metadata={
            "article_id": source.article_id,
            "start": passage.start,
            "end": passage.end,
            "title": source.title,
            "outlet": source.outlet,
            "published": source.published.isoformat() if source.published else None,
            "score": hit.score,
        },
    )
