"""The desk of the staff: the queue, the check of a question, what verdicts tell, notices on articles, the audit."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, partial
from typing import Annotated, Any, Literal, TypeVar

from fastapi import FastAPI, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse
from pydantic import BeforeValidator

from qa.errors import ArchiveError, InputError, NotFound, Overtaken, QuestionError, Refused
from qa.i18n.forms import credit, error_text, long_date, moment_words, number
from qa.i18n.locale import N_, _, current_locale, ngettext
from qa.i18n.staff import value_words
from qa.loaders.fields import parse_moment
from qa.models.archive import Source, Status
from qa.models.deliveries import NoticeKind
from qa.models.journal import OFTEN, Decision, Grade, Judgement, QuestionKind, Review, Session, State
from qa.models.replies import Answer, Question, sources_of
from qa.models.support import Usage
from qa.review import evaluation
from qa.review.evaluation import EvaluationFilter
from qa.review.gate import judged_questions
from qa.review.service import MOST_QUOTES, MOST_SPAN, MOST_STATEMENTS, OpenedReview, Place, StaffContext, StatementDraft
from qa.store.journal.audit import changes, entry_json
from qa.store.journal.reviews import ReviewFilter
from qa.text.sentences import sentence_spans
from qa.text.terms import fold, words
from qa.web.context import Values, WebContext
from qa.web.forms import ListQuery, Pagination, chosen, question_from, sentence_number, typed, whole_number
from qa.web.requests import KEYED_POLICY
from qa.web.staff.auth import FormFields, StaffAuth, TurnedAway

T = TypeVar("T")

PAGE_SIZE = 50  # questions of the queue
LONGEST_WORDS = 200  # characters of what is looked for
LONGEST_NUMBER = 18  # digits: SQLite has no integers beyond 64 bits
SPARE_ROWS = 2
MOST_LISTED = 12  # articles to pick from; who doesn't see theirs there adds a word
SEARCHED = 50  # passages that are looked through for articles whose text comes near the words
ARTICLES_HELD = 1_000
USAGE_DAYS = 30  # of which the page says what the language model used
DRAWN = (Grade.RIGHT, Grade.WRONG, Grade.REFUSED)
Show = Literal["to-check", "open", "approved", "edited", "withheld", "all"]  # which questions are listed
Order = Literal["need", "newest", "oldest", "asks"]
SHOWN_NOTICES, SHOWN_IMPORTS = 30, 5
TAKES_BACK = "take-back"  # in the place of a notice's kind: the correction that has these words ends
ENTRIES = 50  # of the audit log on a page
LONGEST_VALUE = 500  # characters of a value on the page; the file has all
_NO_MOMENT = N_("Until when? A date such as 2026-12-01 or a time such as 2026-12-01T06:00+01:00 was expected.")
_NO_DAY = N_("The review date: a day such as 2026-12-01 was expected, found “{text}”.")

_PLACE = re.compile(r"(\S.{0,499}) (\d{1,6})-(\d{1,6})")
_STATUS = {Overtaken: 409, Refused: 403, NotFound: 404}

Fields = Mapping[str, str]
# The number of a question as an address has it; 0, which no question has, where it can be none.
Number = Annotated[int, BeforeValidator(lambda text: whole_number(text, digits=LONGEST_NUMBER) or 0)]
Words = Annotated[str, BeforeValidator(lambda text: typed(text)[:LONGEST_WORDS])]


class QueueListing(ListQuery):
    """A list of the queue, by the address of its page; from `grade` on, which of the questions in the evaluation."""

    show: Show = "to-check"
    q: Words = ""
    order: Order = "need"
    grade: Grade | None = None
    week: date | None = None
    kind: QuestionKind | None = None
    outlet: Words = ""

    @property
    def wanted(self) -> ReviewFilter:
        return ReviewFilter(self.show == "to-check", chosen(State, self.show), self.q, self.order)

    @property
    def evaluated(self) -> EvaluationFilter:
        return EvaluationFilter(self.grade, self.week, self.kind, self.outlet)

    @property
    def evaluated_words(self) -> str:
        values = (value_words(value) for value in (self.grade, self.kind) if value)
        week = _("week of {day}", day=long_date(self.week)) if self.week else ""
        return " · ".join(filter(None, (*values, week, self.outlet)))


def reasons(review: Review) -> Iterator[str]:
    """The reasons to look at a question, each in a few words; none where there is but that nobody has yet."""
    if count := review.reports:
        yield ngettext("{number} reader reported it", "{number} readers reported it", count, number=number(count))
    if review.changed:
        yield _("its sources changed since it was checked")
    if count := review.dislikes:
        times = ngettext("thumbs down once", "thumbs down {number} times", count, number=number(count))
        yield _("thumbs down twice") if count == 2 else times
    if review.state is not State.OPEN:
        return
    if review.conflicting:
        yield _("sources differ")
    if review.doubtful and review.likelihood is not None:
        yield _("may not answer ({number})", number=number(round(review.likelihood, 2)))
    if review.refused and review.asks >= OFTEN:
        yield _("refused, asked {number} times", number=number(review.asks))


def age(review: Review, now: datetime) -> str:
    """The time since a question was last asked, in words."""
    from babel.dates import format_timedelta

    return format_timedelta(min(review.last_at - now, timedelta()), add_direction=True, locale=current_locale())


def add_queue_pages(app: FastAPI, context: WebContext, staff: StaffContext, auth: StaffAuth) -> None:
    """The list, the way to the next question, how questions are answered as verdicts tell, and these as a file."""
    journal = staff.journal

    @app.get("/staff", response_class=HTMLResponse)
    def queue(listing: Annotated[QueueListing, Query()], member: Session = auth.reader) -> HTMLResponse:
        staff.staff_overrides.sweep()
        wanted, now = listing.wanted, datetime.now(UTC)
        if listing.evaluated:
            questions = evaluation.graded(journal.records.weekly(evaluation.first_week(now.date())))
            numbers = frozenset(question.review for question in evaluation.selected(questions, listing.evaluated))
            wanted = replace(wanted, numbers=numbers)
        total, counts = journal.reviews.matching(wanted), journal.reviews.counts()
        pages = Pagination(total, size=PAGE_SIZE, wanted=listing.page)
        reviews = journal.reviews.listed(wanted, limit=PAGE_SIZE, skipping=pages.start)
        rows = [(review, "; ".join(reasons(review)), age(review, now)) for review in reviews]
        values: Values = {"listing": listing, "counts": counts, "total": total, "pages": pages, "rows": rows}
        return context.form_page("staff_queue.html", member=member, **values)

    @app.get("/staff/next")
    def next_review(member: Session = auth.checker, after: int | None = None) -> RedirectResponse:
        review = staff.review_service.next(member.account.name, after=after)
        return RedirectResponse(f"/staff/review/{review.number}" if review else "/staff", 303)

    @app.get("/staff/evaluation", response_class=HTMLResponse)
    def evaluated(member: Session = auth.reader) -> HTMLResponse:
        today = datetime.now(UTC).date()
        questions = evaluation.graded(journal.records.weekly(evaluation.first_week(today)))
        weeks, kinds, outlets = evaluation.tables(questions, today)
        most = max(1, *(row.counts[grade] for row in weeks for grade in DRAWN))
        days = journal.records.daily_usage(today - timedelta(days=USAGE_DAYS - 1))
        used = sum((day.usage for day in days), Usage())
        values: Values = {"weeks": weeks, "kinds": kinds, "outlets": outlets, "looked_back": evaluation.WEEKS}
        values |= {"grades": Grade, "drawn": DRAWN, "most": most, "listing": QueueListing(show="all", order="newest")}
        values |= {"days": days, "used": used, "used_days": USAGE_DAYS, "prices": staff.prices}
        return context.form_page("staff_evaluation.html", member=member, **values)

    @app.get("/staff/evaluation/questions.jsonl", dependencies=[auth.reader])
    def export() -> Response:
        article = lru_cache(ARTICLES_HELD)(context.service.article)
        known = [question.model_dump(mode="json") for question in judged_questions(journal, article)]
        return json_lines("questions.jsonl", known)


def json_lines(name: str, values: Iterable[object]) -> Response:
    """A file with a JSON value on each line."""
    lines = (json.dumps(value, ensure_ascii=False) + "\n" for value in values)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(lines, media_type="application/jsonl; charset=utf-8", headers=headers)


@dataclass(frozen=True, slots=True)
class CheckPages:
    """The pages on one question, with what was typed in the form, and what is amiss with that."""

    context: WebContext
    staff: StaffContext
    member: Session
    number: int
    form: Fields

    def check(self, error: ArchiveError | None = None) -> HTMLResponse:
        """A statement beside its sources, verdicts by key, and the decision."""
        opened = self._opened()
        judged = {f"judged-{at}": judgement.value for at, judgement in opened.judged.items()}
        return self._page("staff_check.html", opened, error, form={**judged, **self.form}, prices=self.staff.prices)

    def edit(self, error: ArchiveError | None = None, preview: Answer | None = None) -> HTMLResponse:
        """The draft of an answer, and what can be picked for it."""
        opened, context, form = self._opened(), self.context, self.form
        find, article, sentences = form.get("find", ""), None, list[str]()
        drafts = drafts_of(form) if "text-0" in form else self._drafts_at_first(opened)
        drafts += [StatementDraft("", ())] * min(SPARE_ROWS, MOST_STATEMENTS - len(drafts))
        listed = list(sources_of(opened.reply)) if opened.reply else []
        if find or form.get("do") == "find":
            listed = articles_found(find, (item.source for item in context.service.listed()), context)
        if form.get("article") and form.get("do") != "find":
            with suppress(NotFound):
                article = context.service.article(form["article"])
                sentences = [article.body[span.start : span.end] for span in sentence_spans(article.body)]
        rows = [(draft.text, [_picked(place, context) for place in draft.places]) for draft in drafts]
        to_pick = {"article": article, "sentences": sentences, "listed": listed, "most_together": MOST_SPAN}
        return self._page("staff_edit.html", opened, error, form=form, rows=rows, preview=preview, **to_pick)

    def _opened(self) -> OpenedReview:
        """Raises TurnedAway where there is no such question or answer."""
        try:
            return self.staff.review_service.opened(self.number, answer_id=self.form.get("answer_id"))
        except NotFound as error:
            page = self.context.staff_message(404, _("Not here"), error_text(error), member=self.member)
            raise TurnedAway(page) from None

    def _page(self, template: str, opened: OpenedReview, error: ArchiveError | None, **values: Any) -> HTMLResponse:
        review, text = opened.review, error_text(error) if error else ""
        if isinstance(error, Overtaken) and review.by and review.at:
            # The journal knows no catalogue, so that who was quicker is named from the review.
            overtaken = N_(
                "{by} decided this while you had it open ({state}, {moment}). Nothing of yours was saved. Look at it "
                "anew, then decide."
            )
            text = _(overtaken, by=review.by, state=value_words(review.state), moment=moment_words(review.at))
        values |= {"member": self.member, "opened": opened, "error": text}
        return self.context.form_page(template, status=status_of(error), policy=KEYED_POLICY, **values)

    def _drafts_at_first(self, opened: OpenedReview) -> list[StatementDraft]:
        """The answer as it is in the editing form at first; of its quotes those that still stand."""
        drafts = []
        for statement in opened.reply.statements if isinstance(opened.reply, Answer) else ():
            places = []
            for quote in statement.quotes:
                spans = self.context.spans(quote.source.article_id)
                first, last = (sentence_number(spans, at) for at in (quote.start, quote.end - 1))
                places += [Place(quote.source.article_id, first, last)] if first and last else []
            alone = statement.verbatim and len(statement.quotes) == 1
            drafts.append(StatementDraft("" if alone else statement.text, tuple(places)))
        return drafts


def add_review_pages(app: FastAPI, context: WebContext, staff: StaffContext, auth: StaffAuth) -> None:
    """The addresses of the check and of the editing form."""
    review_service, pages = staff.review_service, partial(CheckPages, context, staff)

    def ask(member: Session, question: Callable[[], Question]) -> Response:
        """Asks a question as the public would, and leads on to its check."""
        try:
            number = review_service.ask(question(), context.service.reply)
        except (NotFound, QuestionError) as error:
            return context.staff_message(status_of(error), _("Not here"), error_text(error), member=member)
        return RedirectResponse(f"/staff/review/{number}", 303)

    @app.post("/staff/ask")
    def ask_new(form: FormFields, member: Session = auth.checker) -> Response:
        return ask(member, lambda: question_from(form.get("question", ""), "", ""))

    @app.post("/staff/review/{number}/ask")
    def ask_again(number: Number, member: Session = auth.checker) -> Response:
        return ask(member, lambda: review_service.opened(number).question)

    @app.get("/staff/review/{number}", response_class=HTMLResponse)
    def check(number: Number, member: Session = auth.checker, answer: str = "") -> Response:
        return pages(member, number, {"answer_id": answer}).check()

    @app.post("/staff/review/{number}", response_class=HTMLResponse)
    def decide(number: Number, form: FormFields, member: Session = auth.checker) -> Response:
        try:
            review_service.decide(decision_of(form, number, member), role=member.account.role)
        except (InputError, NotFound, Refused) as error:
            return pages(member, number, form).check(error)
        return RedirectResponse(f"/staff/next?after={number}", 303)

    @app.get("/staff/review/{number}/edit", response_class=HTMLResponse)
    def edit(number: Number, member: Session = auth.editor, answer: str = "") -> Response:
        return pages(member, number, {"answer_id": answer}).edit()

    @app.post("/staff/review/{number}/edit", response_class=HTMLResponse)
    def publish(number: Number, form: FormFields, member: Session = auth.editor) -> Response:
        typed_in = pages(member, number, form)
        try:
            match form.get("do"):
                case "add":
                    return pages(member, number, with_picked(form, context)).edit()
                case "preview":
                    opened = review_service.opened(number, answer_id=form.get("answer_id"))
                    return typed_in.edit(preview=review_service.draft(opened, drafts_of(form)))
                case "publish":
                    decision = decision_of({**form, "state": State.EDITED.value}, number, member)
                    review_service.decide(decision, drafts_of(form), role=member.account.role)
                    return RedirectResponse(f"/staff/next?after={number}", 303)
        except (InputError, NotFound, Refused) as error:
            return typed_in.edit(error)
        return typed_in.edit()


def status_of(error: ArchiveError | None) -> int:
    """The status of a page that says what is amiss, if anything is."""
    return _STATUS.get(type(error), 422) if error else 200


def decision_of(form: Fields, number: int, member: Session) -> Decision:
    """The decision of a form. Raises InputError."""
    revision, state = whole_number(form.get("revision", ""), digits=9), chosen(State, form.get("state"))
    if revision is None or state is None:
        raise InputError(_("The form came incomplete. Open the question anew, then decide."))
    judgements = ((at, chosen(Judgement, form.get(f"judged-{at}"))) for at in range(MOST_STATEMENTS))
    judged = {at: judgement for at, judgement in judgements if judgement}
    note, reason = (typed(form.get(name, "")) for name in ("note", "reason"))
    by, now = member.account.name, datetime.now(UTC)
    return Decision(number, revision, form.get("answer_id", ""), state, by, now, judged, note, reason)


def drafts_of(form: Fields) -> list[StatementDraft]:
    """The statements of a form, those without text and place left out; a place that is unticked isn't sent."""
    drafts = []
    for row in range(MOST_STATEMENTS):
        sent = (_PLACE.fullmatch(form.get(f"place-{row}-{at}", "")) for at in range(MOST_QUOTES))
        places = tuple(Place(match[1], int(match[2]), int(match[3])) for match in sent if match)
        drafts.append(StatementDraft(typed(form.get(f"text-{row}", "")), places))
    return [draft for draft in drafts if draft.text.strip() or draft.places]


def articles_found(text: str, sources: Iterable[Source], context: WebContext) -> list[Source]:
    """The sources with all the words in headline, credit or id, newest first; then those whose text has them."""
    text = typed(text)[:LONGEST_WORDS]
    wanted = [fold(word) for word in words(text)]
    newest = sorted(sources, key=lambda source: source.published or date.min, reverse=True)
    by_id = {source.article_id: source for source in newest}
    headings = {name: fold(f"{source.title} {source.outlet} {credit(source)} {name}") for name, source in by_id.items()}
    ids = [name for name, heading in headings.items() if all(word in heading for word in wanted)]
    if wanted and len(ids) < MOST_LISTED:
        with suppress(QuestionError):
            ids += [hit.source.article_id for hit in context.service.search(Question(text), limit=SEARCHED)]
    return [by_id[name] for name in dict.fromkeys(ids) if name in by_id][:MOST_LISTED]


def _picked(place: Place, context: WebContext) -> tuple[str, Source | None, str]:
    """A place as it stands in a form, and its words as readers see them; no source where they see it no more."""
    try:
        article = context.service.article(place.article_id)
        spans = sentence_spans(article.body)[place.first - 1 : place.last]
        return _value(place), article.source, article.body[spans[0].start : spans[-1].end]
    except (NotFound, IndexError):
        return _value(place), None, ""


def _value(place: Place) -> str:
    return f"{place.article_id} {place.first}-{place.last}"


def with_picked(form: Fields, context: WebContext) -> dict[str, str]:
    """The form of a draft with the sentences that were picked for a statement. Raises InputError, NotFound."""
    statement, first, count = (whole_number(form.get(name, ""), digits=6) for name in ("to", "sentence", "count"))
    if not first:
        raise InputError(_("Choose a sentence first."))
    fields = [f"place-{statement}-{number}" for number in range(MOST_QUOTES)]
    free = next((field for field in fields if not form.get(field)), None)
    if f"text-{statement}" not in form or free is None:
        raise InputError(_("This statement has no room for a further sentence. Choose another."))
    article = context.service.article(form.get("article", ""))
    last = min(first + (count or 1) - 1, len(sentence_spans(article.body)))
    return {**form, free: _value(Place(article.article_id, first, last))}


def add_archive_pages(app: FastAPI, context: WebContext, staff: StaffContext, auth: StaffAuth) -> None:
    """The page of the archive with the forms on it, and the audit log."""
    actions, journal, log = staff.article_actions, staff.journal, staff.journal.audit

    def page(member: Session, *, form: Fields, error: ArchiveError | None = None, done: bool = False) -> HTMLResponse:
        sources, name = {source.article_id: source for source in staff.sources()}, form.get("article", "")
        # An article that is damaged or erased is known by its id alone, and a notice can be on it, too.
        unknown = Source(name, name, "", status=Status.WITHDRAWN)
        chosen = sources.get(name, unknown) if name and not isinstance(error, NotFound) else None
        listed = articles_found(form["find"], sources.values(), context) if "find" in form else None
        values: Values = {"member": member, "form": form, "chosen": chosen, "listed": listed, "sources": sources}
        values |= {"due": actions.due(), "notices": staff.history()[::-1][:SHOWN_NOTICES], "done": done}
        values |= {"copies": [sources[other] for other in actions.copies(name) if other in sources] if chosen else []}
        values |= {"imports": journal.imports.newest(limit=SHOWN_IMPORTS), "failures": journal.imports.failures()}
        text = error_text(error) if error else ""
        return context.form_page("staff_archive.html", status=status_of(error), error=text, **values)

    @app.get("/staff/archive", response_class=HTMLResponse)
    def archive(article: str = "", find: str | None = None, done: str = "", member: Session = auth.reader) -> Response:
        form = {"article": article} if find is None else {"find": find}
        return page(member, form=form, done=bool(done))

    @app.post("/staff/archive", response_class=HTMLResponse)
    def act(form: FormFields, member: Session = auth.editor) -> Response:
        try:
            takes_back = form.get("kind") == TAKES_BACK
            kind = NoticeKind.CORRECTION if takes_back else chosen(NoticeKind, form.get("kind"))
            if kind in (None, NoticeKind.ERASURE):
                raise InputError(_("Choose what is to be done."))
            moment, day, text = (typed(form.get(name, "")) for name in ("until", "review_on", "text"))
            until = _time(parse_moment, moment, _NO_MOMENT) if kind is NoticeKind.EMBARGO else None
            until = datetime.now(UTC) if takes_back else until
            review_on = _time(date.fromisoformat, day, _NO_DAY) if day else None
            actions.act(form.get("article", ""), kind, text, by=member.account.name, until=until, review_on=review_on)
        except (InputError, NotFound) as error:
            return page(member, form=form, error=error)
        return RedirectResponse("/staff/archive?done=1", 303)

    @app.post("/staff/archive/dismiss")
    def dismiss(form: FormFields, member: Session = auth.editor) -> Response:
        line = whole_number(form.get("line", ""), digits=9)
        journal.imports.dismiss(form.get("path", ""), line, by=member.account.name, at=datetime.now().astimezone())
        return RedirectResponse("/staff/archive#failures", 303)

    @app.get("/staff/audit", response_class=HTMLResponse)
    def audit(query: Annotated[ListQuery, Query()], member: Session = auth.admin) -> Response:
        total = log.count()
        pages = Pagination(total, size=ENTRIES, wanted=query.page)
        try:
            last, entries = log.newest(limit=1), log.newest(limit=ENTRIES, skipping=pages.start)
        except ValueError:
            text = _("An entry can’t be read. On the archive’s machine, `qa audit verify` says which.")
            return context.staff_message(500, _("The log was changed"), text)
        rows = [(entry, [(name, *map(_text, sides)) for name, *sides in changes(entry)]) for entry in entries]
        about: Values = {"member": member, "total": total, "pages": pages, "head": last[0].chained if last else ""}
        return context.form_page("staff_audit.html", entries=rows, **about)

    @app.get("/staff/audit.jsonl", dependencies=[auth.admin])
    def export() -> Response:
        return json_lines("audit.jsonl", map(entry_json, log.entries()))


def _time(read: Callable[[str], T], text: str, otherwise: str) -> T:
    """Raises InputError, in these words, where it can't be read."""
    try:
        return read(text)
    except ValueError:
        raise InputError(_(otherwise, text=text[:30])) from None


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
