"""The addresses at which answers stay: the page, its files for other programs, and readers' reports."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.errors import ArchiveError, NotFound
from qa.i18n.locale import N_, _, use_locale
from qa.loaders.cleaning import clean, without_surrogates
from qa.models.journal import ReaderReport, ReportKind
from qa.review.exporting import FORMATS
from qa.review.permanent import ANSWER_ID, Check, PermanentAnswer, PermanentAnswers
from qa.store.journal.opening import Journal
from qa.web.anchors import permanent_link
from qa.web.enquiry import SentenceSpans
from qa.web.forms import too_long
from qa.web.guard import FORM_POLICY
from qa.web.permanent import LONGEST_REPORT, permanent_html
from qa.web.printing import sheet
from qa.web.public import NOT_NOW, UNREADABLE, plain_page
from qa.web.room import PageTexts
from qa.web.same_origin import base_of, from_here
from qa.web.throttle import Throttle, host_of

MOST_EXPORTED = 50
"""Answers in one file."""

_FILE = re.compile(rf"({ANSWER_ID.pattern})\.({'|'.join(FORMATS)})")
_UNSEEN = {"X-Robots-Tag": "noindex"}

_log = logging.getLogger(__name__)


def answer_routes(
    answers: PermanentAnswers,
    journal: Journal,
    *,
    sentence_spans: SentenceSpans,
    throttle: Throttle,
    texts: PageTexts,
) -> APIRouter:
    """What a reader can open and do at an answer's own address."""
    router = APIRouter()
    desk = AnswerDesk(journal, answers, sentence_spans, texts)

    def refused(request: Request) -> HTMLResponse | None:
        """What who asks too often is told."""
        host = host_of(request)
        if throttle.admits(host):
            return None
        page = plain_page(429, N_("Not so fast"), texts.too_much, texts)
        page.headers["Retry-After"] = str(throttle.wait(host))
        return page

    @router.get("/answers/export")
    def export(request: Request, ids: str = "", kind: Annotated[str, Query(alias="format")] = "json") -> Response:
        wanted = [one for one in ids.split(",") if one]
        if kind not in FORMATS or not 1 <= len(wanted) <= MOST_EXPORTED:
            most, formats = str(MOST_EXPORTED), ", ".join(FORMATS)
            how = _("Name 1 to {most} answers, and one of the formats {formats}.", most=most, formats=formats)
            return plain_page(400, N_("Not like that"), f"{how} /answers/export?ids=ID,ID&format=csv", texts)
        if too_often := refused(request):
            return too_often
        return desk.safely(lambda: desk.file(wanted, kind, base_of(request)))

    @router.get("/answer/{name}")
    def answer(request: Request, name: str) -> Response:
        file = _FILE.fullmatch(name)
        if file:
            return desk.safely(lambda: desk.file([file[1]], file[2], base_of(request)))
        return desk.safely(lambda: desk.page(name, base_of(request)))

    @router.get("/answer/{name}/report")
    def thanks(name: str) -> Response:
        return desk.safely(lambda: desk.thanks(name))

    @router.post("/answer/{name}/report")
    def report(
        request: Request, name: str, kind: Annotated[str, Form()] = "", text: Annotated[str, Form()] = ""
    ) -> Response:
        if not from_here(request):
            elsewhere = N_("This form was not sent from a page of this site. Open the answer here and try again.")
            return plain_page(403, N_("Not from here"), elsewhere, texts)
        if too_often := refused(request):
            return too_often
        return desk.safely(lambda: desk.report(name, kind, text, base_of(request)))

    return router


class AnswerDesk:
    """Shows answers that are kept, writes them as files, and takes reports on them."""

    def __init__(
        self, journal: Journal, answers: PermanentAnswers, sentence_spans: SentenceSpans, texts: PageTexts
    ) -> None:
        self._journal = journal
        self._answers = answers
        self._sentence_spans = sentence_spans
        self._texts = texts

    def safely(self, reply: Callable[[], Response]) -> Response:
        """The reply of a call; a page that says so where the archive can't be read."""
        try:
            return reply()
        except ArchiveError:
            _log.exception("an answer could not be shown")
            return plain_page(503, NOT_NOW, UNREADABLE, self._texts)

    def page(self, answer_id: str, base: str) -> Response:
        """Raises StoreError."""
        shown = self._shown(answer_id)
        return self._printed(shown, base) if shown else self._none()

    def file(self, answer_ids: Sequence[str], kind: str, base: str) -> Response:
        """The answers in one file; refused where one of them is withheld or isn't kept. Raises StoreError."""
        wanted = list(dict.fromkeys(answer_ids))
        known = [one for one in wanted if ANSWER_ID.fullmatch(one)]
        answers = self._answers.of(known)
        if len(answers) < len(wanted):
            return self._none()
        if any(one.withheld for one in answers):
            withheld = N_("The staff of the archive have withheld this answer.")
            return plain_page(410, N_("Withheld"), withheld, self._texts)
        form = FORMATS[kind]
        with use_locale(answers[0].locale):
            text = form.written(answers, base)
        name = f"answer-{wanted[0]}" if len(wanted) == 1 else "answers"
        # Spreadsheets read a file as UTF-8 only where it begins with its mark.
        content = text.encode("utf-8-sig" if kind == "csv" else "utf-8", "replace")
        disposition = "inline" if kind == "json" else f'attachment; filename="{name}.{kind}"'
        headers = _UNSEEN | {"Content-Disposition": disposition}
        charset = "" if kind == "json" else "; charset=utf-8"
        return Response(content, media_type=f"{form.media_type}{charset}", headers=headers)

    def report(self, answer_id: str, kind: str, text: str, base: str) -> Response:
        """Keeps a report, and leads to the page that says so. Raises StoreError."""
        shown = self._shown(answer_id)
        if shown is None:
            return self._none()
        if shown.withheld:
            return self._printed(shown, base)
        text = clean(without_surrogates(text))
        refusal = _refusal(kind, text)
        if refusal:
            return self._printed(shown, base, status=400, refusal=refusal, typed=text, chosen=kind)
        try:
            # Where many wait already this one is not kept; the staff look at the answer all the same.
            self._journal.reports.add(ReaderReport(answer_id, ReportKind(kind), text, datetime.now(UTC)))
        except NotFound:
            return self._none()
        return RedirectResponse(f"{permanent_link(answer_id)}/report", 303)

    def thanks(self, answer_id: str) -> Response:
        """Raises StoreError."""
        if self._shown(answer_id) is None:
            return self._none()
        html = sheet("thanks.html", path=permanent_link(answer_id), texts=self._texts)
        return HTMLResponse(html, headers=_UNSEEN)

    def _shown(self, answer_id: str) -> PermanentAnswer | None:
        return self._answers.get(answer_id) if ANSWER_ID.fullmatch(answer_id) else None

    def _printed(
        self,
        shown: PermanentAnswer,
        base: str,
        *,
        status: int = 200,
        refusal: str = "",
        typed: str = "",
        chosen: str = "",
    ) -> HTMLResponse:
        html = permanent_html(
            shown,
            base=base,
            sentence_spans=self._sentence_spans,
            texts=self._texts,
            refusal=refusal,
            typed=typed,
            chosen=chosen,
        )
        headers = {"Content-Security-Policy": FORM_POLICY}
        if shown.checked.check is not Check.CHECKED:
            headers |= _UNSEEN
        return HTMLResponse(html, 410 if shown.withheld else status, headers=headers)

    def _none(self) -> HTMLResponse:
        none = _("There is no answer at this address.")
        return plain_page(404, N_("No such answer"), f"{none} {self._texts.kept}", self._texts)


def _refusal(kind: str, text: str) -> str:
    """What is wrong with a report, in words for the reader; empty where nothing is."""
    if kind not in {one.value for one in ReportKind}:
        return _("Choose what is wrong.")
    if len(text) > LONGEST_REPORT:
        return too_long(len(text), LONGEST_REPORT)
    if kind == ReportKind.OTHER and not text:
        return _("Say in a few words what is wrong.")
    return ""
