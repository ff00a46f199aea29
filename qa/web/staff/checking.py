"""The check of one question: statement beside source, verdicts by key, drafts of an answer, and the decision.

To a draft the staff pick from lists: articles by their words, and the sentences of one.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.errors import ArchiveError, InputError, NotFound, Overtaken, QuestionError, Refused
from qa.i18n.forms import credit, error_text, moment_words
from qa.i18n.locale import N_, _
from qa.i18n.staff import value_words
from qa.models.archive import Article, Source
from qa.models.journal import Decision, Judgement, Review, Role, State
from qa.models.replies import Answer, Question, sources_of
from qa.review.service import MOST_QUOTES, MOST_SPAN, MOST_STATEMENTS, OpenedReview, Place, StaffContext, StatementDraft
from qa.text.cleaning import clean_line
from qa.text.sentences import sentence_spans
from qa.text.terms import fold, words
from qa.web.context import Values, WebContext
from qa.web.forms import chosen, question_from, typed, whole_number
from qa.web.guard import KEYED_POLICY
from qa.web.links import sentence_number
from qa.web.staff.auth import FormFields, Member, StaffAuth, TurnedAway

# In the order of their keys, 1 to 5.
JUDGEMENTS = {
    Judgement.SUPPORTED: N_("Supported"),
    Judgement.PARTLY: N_("Partly"),
    Judgement.NOT: N_("Not supported"),
    Judgement.SOURCE_WRONG: N_("The source is wrong"),
    Judgement.NEEDS_CONTEXT: N_("Needs context"),
}

SPARE_ROWS = 2
LONGEST_NUMBER = 18  # digits: SQLite has no integers beyond 64 bits
LONGEST_WORDS = 200
MOST_LISTED = 12  # articles to pick from; who doesn't see theirs there adds a word
SEARCHED = 50  # passages that are looked through for articles whose text comes near the words

_PLACE = re.compile(r"(\S.{0,499}) (\d{1,6})-(\d{1,6})")
_STATUS = {Overtaken: 409, Refused: 403, NotFound: 404}


def _number(number: str) -> int:
    """The number of a question as an address has it; 0, which no question has, where it can be none."""
    return whole_number(number, digits=LONGEST_NUMBER) or 0


Number = Annotated[int, Depends(_number)]
Form = Mapping[str, str]


class CheckPages:
    """The pages on one question, drawn anew with what was typed where something is amiss."""

    def __init__(self, context: WebContext, staff: StaffContext) -> None:
        self._context, self._review_service, self._prices = context, staff.review_service, staff.prices

    def check(self, member: Member, number: int, form: Form, error: ArchiveError | None = None) -> HTMLResponse:
        opened = self._opened(member, number, form)
        used, judged = opened.record.usage, {f"judged-{at}": judgement.value for at, judgement in opened.judged.items()}
        cost = self._prices.cost(used) if self._prices and used else None
        values: Values = {"form": {**judged, **form}, "judgements": JUDGEMENTS, "used": used, "cost": cost}
        return self._page("staff_check.html", member, opened, error, **values)

    def edit(
        self, member: Member, number: int, form: Form, error: ArchiveError | None = None, preview: Answer | None = None
    ) -> HTMLResponse:
        opened, context = self._opened(member, number, form), self._context
        find, article = form.get("find", ""), None
        drafts = drafts_of(form) if "text-0" in form else self._drafts_at_first(opened)
        drafts += [StatementDraft("", ())] * min(SPARE_ROWS, MOST_STATEMENTS - len(drafts))
        listed = list(sources_of(opened.reply)) if opened.reply else []
        if find or form.get("do") == "find":
            listed = articles_found(find, (item.source for item in context.service.listed()), context)
        if form.get("article") and form.get("do") != "find":
            try:
                article = context.service.article(form["article"])
            except NotFound:
                pass
        rows = [(draft.text, [_picked(place, context) for place in draft.places]) for draft in drafts]
        to_pick = {"article": article, "sentences": sentences_of(article) if article else (), "listed": listed}
        values: Values = {"form": form, "rows": rows, "preview": preview, "most_together": MOST_SPAN, **to_pick}
        return self._page("staff_edit.html", member, opened, error, **values)

    def message(self, member: Member, error: ArchiveError) -> HTMLResponse:
        """The page where there is no such question or answer, or a question can't be asked."""
        status = 404 if isinstance(error, NotFound) else 422
        heading, text = _("Not here"), error_text(error)
        return self._context.form_page("staff_message.html", status=status, member=member, heading=heading, text=text)

    def _opened(self, member: Member, number: int, form: Form) -> OpenedReview:
        """Raises TurnedAway."""
        try:
            return self._review_service.opened(number, answer_id=form.get("answer_id"))
        except NotFound as error:
            raise TurnedAway(self.message(member, error)) from None

    def _page(
        self, template: str, member: Member, opened: OpenedReview, error: ArchiveError | None, **values: Any
    ) -> HTMLResponse:
        status, text = (_STATUS.get(type(error), 422), _error_text(error, opened.review)) if error else (200, "")
        values |= {"member": member, "editor": member.role.covers(Role.EDITOR), "opened": opened, "error": text}
        return self._context.page(template, status=status, policy=KEYED_POLICY, **values)

    def _drafts_at_first(self, opened: OpenedReview) -> list[StatementDraft]:
        """The answer as it is in the editing form at first; of its quotes those that still stand."""
        drafts = []
        for statement in opened.reply.statements if isinstance(opened.reply, Answer) else ():
            places = []
            for quote in statement.quotes:
                spans = self._context.spans(quote.source.article_id)
                first, last = (sentence_number(spans, at) for at in (quote.start, quote.end - 1))
                places += [Place(quote.source.article_id, first, last)] if first and last else []
            alone = statement.verbatim and len(statement.quotes) == 1
            drafts.append(StatementDraft("" if alone else statement.text, tuple(places)))
        return drafts


def add_review_pages(app: FastAPI, context: WebContext, staff: StaffContext, auth: StaffAuth) -> None:
    """The addresses of the check and of the editing form."""
    review_service = staff.review_service
    pages = CheckPages(context, staff)
    checker, editor = Depends(auth.member(Role.CHECKER)), Depends(auth.member(Role.EDITOR))

    def ask(member: Member, question: Callable[[], Question]) -> Response:
        """Asks a question as the public would, and leads on to its check."""
        try:
            number = review_service.ask(question(), context.service.reply)
        except (NotFound, QuestionError) as error:
            return pages.message(member, error)
        return RedirectResponse(f"/staff/review/{number}", 303)

    @app.post("/staff/ask")
    def ask_new(form: FormFields, member: Member = checker) -> Response:
        return ask(member, lambda: question_from(form.get("question", ""), "", ""))

    @app.post("/staff/review/{number}/ask")
    def ask_again(number: Number, member: Member = checker) -> Response:
        return ask(member, lambda: review_service.opened(number).question)

    @app.get("/staff/review/{number}", response_class=HTMLResponse)
    def check(number: Number, member: Member = checker, answer: str | None = None) -> Response:
        return pages.check(member, number, {} if answer is None else {"answer_id": answer})

    @app.post("/staff/review/{number}", response_class=HTMLResponse)
    def decide(number: Number, form: FormFields, member: Member = checker) -> Response:
        try:
            review_service.decide(decision_of(form, number, member), role=member.role)
        except (InputError, NotFound, Refused) as error:
            return pages.check(member, number, form, error)
        return RedirectResponse(f"/staff/next?after={number}", 303)

    @app.get("/staff/review/{number}/edit", response_class=HTMLResponse)
    def edit(number: Number, member: Member = editor, answer: str | None = None) -> Response:
        return pages.edit(member, number, {} if answer is None else {"answer_id": answer})

    @app.post("/staff/review/{number}/edit", response_class=HTMLResponse)
    def publish(number: Number, form: FormFields, member: Member = editor) -> Response:
        try:
            match form.get("do"):
                case "add":
                    return pages.edit(member, number, with_picked(form, context))
                case "preview":
                    opened = review_service.opened(number, answer_id=form.get("answer_id"))
                    return pages.edit(member, number, form, preview=review_service.draft(opened, drafts_of(form)))
                case "publish":
                    decision = decision_of({**form, "state": State.EDITED.value}, number, member)
                    review_service.decide(decision, drafts_of(form), role=member.role)
                    return RedirectResponse(f"/staff/next?after={number}", 303)
        except (InputError, NotFound, Refused) as error:
            return pages.edit(member, number, form, error)
        return pages.edit(member, number, form)


def decision_of(form: Form, number: int, member: Member) -> Decision:
    """The decision of a form. Raises InputError."""
    revision, state = whole_number(form.get("revision", ""), digits=9), chosen(State, form.get("state"))
    if revision is None or state is None:
        raise InputError(_("The form came incomplete. Open the question anew, then decide."))
    judgements = ((at, chosen(Judgement, form.get(f"judged-{at}"))) for at in range(MOST_STATEMENTS))
    judged = {at: judgement for at, judgement in judgements if judgement}
    note, reason = (clean_line(typed(form.get(name, ""))) for name in ("note", "reason"))
    by, now = member.name, datetime.now(UTC)
    return Decision(number, revision, form.get("answer_id", ""), state, by, now, judged, note, reason)


def drafts_of(form: Form) -> list[StatementDraft]:
    """The statements of a form, those without text and place left out; a place that is unticked isn't sent."""
    drafts = []
    for number in range(MOST_STATEMENTS):
        sent = (_PLACE.fullmatch(form.get(f"place-{number}-{at}", "")) for at in range(MOST_QUOTES))
        places = tuple(Place(match[1], int(match[2]), int(match[3])) for match in sent if match)
        drafts.append(StatementDraft(typed(form.get(f"text-{number}", "")), places))
    return [draft for draft in drafts if draft.text.strip() or draft.places]


def _error_text(error: ArchiveError, review: Review) -> str:
    """What is amiss; the journal knows no catalogue, so that who was quicker is named from the review."""
    if isinstance(error, Overtaken) and review.by and review.at:
        overtaken = N_(
            "{by} decided this while you had it open ({state}, {moment}). Nothing of yours was saved. Look at it anew, "
            "then decide."
        )
        return _(overtaken, by=review.by, state=value_words(review.state), moment=moment_words(review.at))
    return error_text(error)


def articles_found(text: str, sources: Iterable[Source], context: WebContext) -> list[Source]:
    """The sources with all the words in headline, credit or id, newest first; then those whose text has them."""

    def heading(source: Source) -> str:
        return fold(f"{source.title} {source.outlet} {credit(source)} {source.article_id}")

    text = typed(text)[:LONGEST_WORDS]
    wanted = [fold(word) for word in words(text)]
    by_id = {source.article_id: source for source in sources}
    named = [source for source in by_id.values() if all(word in heading(source) for word in wanted)]
    named.sort(key=lambda source: source.published or date.min, reverse=True)
    ids = [source.article_id for source in named]
    if wanted and len(named) < MOST_LISTED:
        try:
            ids += [hit.source.article_id for hit in context.service.search(Question(text), limit=SEARCHED)]
        except QuestionError:
            pass
    return [by_id[name] for name in dict.fromkeys(ids) if name in by_id][:MOST_LISTED]


def sentences_of(article: Article) -> list[str]:
    """The sentences of an article, in order."""
    return [article.body[span.start : span.end] for span in sentence_spans(article.body)]


def _picked(place: Place, context: WebContext) -> tuple[str, Source | None, str]:
    """A place as it stands in a form, and its words as readers see them; no source where they see it no more."""
    try:
        article = context.service.article(place.article_id)
        spans = sentence_spans(article.body)[place.first - 1 : place.last]
        source, text = article.source, article.body[spans[0].start : spans[-1].end]
    except (NotFound, IndexError):
        source, text = None, ""
    return _value(place), source, text


def _value(place: Place) -> str:
    return f"{place.article_id} {place.first}-{place.last}"


def with_picked(form: Form, context: WebContext) -> dict[str, str]:
    """The form of a draft with the sentences that were picked for a statement. Raises InputError, NotFound."""
    statement, first, count = (whole_number(form.get(name, ""), digits=6) for name in ("to", "sentence", "count"))
    if not first:
        raise InputError(_("Choose a sentence first."))
    fields = [f"place-{statement}-{number}" for number in range(MOST_QUOTES)]
    free = next((field for field in fields if not form.get(field)), None)
    if f"text-{statement}" not in form or free is None:
        raise InputError(_("This statement has no room for a further sentence. Choose another."))
    article = context.service.article(form.get("article", ""))
    last = min(first + (count or 1) - 1, len(sentences_of(article)))
    return {**form, free: _value(Place(article.article_id, first, last))}
