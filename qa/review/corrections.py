"""What was put right, for everybody to see: answers by the staff's decisions, articles by their notices."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from qa.errors import NotFound, Withdrawn
from qa.i18n.locale import N_
from qa.models.archive import Article
from qa.models.journal import Fixed, Review, State
from qa.models.notices import Notice, NoticeKind

MOST_ARTICLES = 1_000
"""Articles that are listed: those that a notice was last written on."""

_TAKEN_BACK = (NoticeKind.WITHDRAWAL, NoticeKind.ERASURE)


def corrections(
    decided: Iterable[Review],
    notices: Iterable[Notice],
    article: Callable[[str], Article],
    *,
    link: Callable[[str], str],
) -> list[Fixed]:
    """Everything that stands corrected, newest first. `link` gives an article's address. Raises StoreError.

    `notices` come in the order they were written.

    Only texts that are public: neither the question of a withheld answer nor the headline of a withdrawn article, and
    nothing of an article that readers may not know of, or that was restored.
    """
    fixed = [*_answers(decided), *_articles(notices, article, link)]
    return sorted(fixed, key=lambda one: one.at, reverse=True)


def _answers(decided: Iterable[Review]) -> Iterator[Fixed]:
    for review in decided:
        if review.at is None:
            continue
        if review.state is State.EDITED:
            yield Fixed(review.at, review.question, N_("Answer put right"), review.reason, f"/answer/{review.standing}")
        elif review.state is State.WITHHELD:
            yield Fixed(review.at, N_("An answer was withheld"), N_("Answer withheld"), review.reason)


def _articles(
    notices: Iterable[Notice], article: Callable[[str], Article], link: Callable[[str], str]
) -> Iterator[Fixed]:
    by_article: dict[str, list[Notice]] = {}
    for notice in notices:
        by_article[notice.article_id] = [*by_article.pop(notice.article_id, ()), notice]
    for article_id, told in list(by_article.items())[-MOST_ARTICLES:]:
        try:
            found = article(article_id)
        except Withdrawn as taken:
            back = [one for one in told if one.kind in _TAKEN_BACK]
            if back:
                # Its page has the reason too, but its id may hold words of the headline: no link.
                yield Fixed(back[-1].at, N_("An article was withdrawn"), N_("Article withdrawn"), taken.reason)
        except NotFound:
            continue
        else:
            for one in told:
                if one.kind is NoticeKind.CORRECTION:
                    yield Fixed(one.at, found.source.title, N_("Article corrected"), one.text, link(article_id))
