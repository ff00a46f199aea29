"""The desk in Spanish: every page of it, what it refuses, and what stays in English all the same."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from httpx import Response
from starlette.testclient import TestClient

from qa.errors import NotFound
from qa.generation.facts import NUMBER_ELSE
from qa.i18n.locale import LOCALES, use_locale
from qa.i18n.staff import CONTEXTS, REFUSALS, value_words
from qa.models.deliveries import Failure, IngestReport
from qa.models.journal import Channel, Making, ReaderReport, ReportKind, Role
from qa.models.replies import Question
from qa.models.support import CheckStep, Prices, Stopped, Support, Usage, Verdict
from qa.review.permanent import Recorder

from .desk_door import HERE, PASSWORD, Desk, form_key
from .fake_room import FakeRoom
from .staffed import NOW
from .test_staff_desk import ARRESTED, fields

SPANISH = {"accept-language": "es-ES,es;q=0.9"}
HOSTILE = "<img src=x onerror=alert(1)>"
SPOKEN = {"aria-label", "placeholder", "data-judged", "data-reasonless"}
"""Attributes that are read out."""

USED = Usage(4_321, 99, 50, 2, True, 1.5)


class Words(HTMLParser):
    """The pieces of text of a page, those left out that say they are in another language than the page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: set[str] = set()
        self._open: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        foreign = told.get("lang", "es") != "es" or bool(self._open and self._open[-1][1])
        self.pieces |= {str(told[name]) for name in SPOKEN & set(told)} if not foreign else set()
        if tag not in {"meta", "link", "input"}:
            self._open.append((tag, foreign))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        if not self._open or not self._open[-1][1]:
            self.pieces.add(" ".join(data.split()))


@pytest.fixture(scope="module")
def english() -> set[str]:
    """Every message that reads otherwise in Spanish, in English; the users here are called as their roles are."""
    with (LOCALES / "es" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        told = [one for one in read_po(file, locale="es") if one.id not in ("", one.string) and one.context != "role"]
    return {name for message in told for name in ([message.id] if isinstance(message.id, str) else message.id)}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    opened = Desk(tmp_path, prices=Prices(2.0, 10.0))
    yield opened
    opened.journal.close()


@pytest.fixture
def browser(desk: Desk) -> TestClient:
    """Of an admin, who asks for Spanish pages."""
    signed_in = desk.signed_in("admin")
    signed_in.headers.update(SPANISH)
    return signed_in


def send(browser: TestClient, path: str, **form: str) -> Response:
    return browser.post(path, data={"form_key": form_key(browser)} | form, headers=HERE)


def asked(browser: TestClient, question: str = ARRESTED) -> str:
    """The address of the check of a question."""
    told = send(browser, "/staff/ask", question=question)
    assert told.status_code == 303, told.text
    return str(told.headers["location"])


def holds(reply: Response, english: set[str], *words: str, status: int = 200) -> str:
    """The page, which is in Spanish throughout and has these words."""
    assert reply.status_code == status, reply.text
    assert '<html lang="es">' in reply.text
    assert reply.headers["content-language"] == "es"
    assert Words(reply.text).pieces & english == set()
    for one in words:
        assert one in reply.text
    return reply.text


def test_the_way_in(desk: Desk, english: set[str]) -> None:
    browser = desk.browser()
    browser.headers.update(SPANISH)
    holds(browser.get("/staff/sign-in"), english, "<h1>Iniciar sesión</h1>", ">Contraseña<", 'hreflang="en"')
    wrong = {"name": HOSTILE, "password": "wrong"}
    told = browser.post("/staff/sign-in", data=wrong, headers=HERE)
    holds(told, english, "El nombre o la contraseña no son correctos", "&lt;img src=x", status=403)
    told = browser.post("/staff/sign-in", data={"name": "admin", "password": PASSWORD})
    holds(told, english, "<h1>Desde aquí no</h1>", status=403)
    holds(browser.post("/staff/archive", headers=HERE), english, "<h1>Sesión cerrada</h1>", status=401)


def test_a_desk_without_users(tmp_path: Path, english: set[str]) -> None:
    empty = Desk(tmp_path, users=False)
    told = empty.browser().get("/staff", headers=SPANISH)
    holds(told, english, "<h1>Todavía no puede entrar nadie</h1>", "qa user add ada --role admin", status=403)
    empty.journal.close()


def test_the_queue(desk: Desk, browser: TestClient, english: set[str]) -> None:
    holds(browser.get("/staff"), english, "No queda nada por comprobar.", "Sesión de <a", "(administración)")
    asked(browser)
    number = asked(browser).rpartition("/")[2]
    desk.journal.reviews.report(ReaderReport(desk.journal.reviews.get(int(number)).latest, ReportKind.WRONG, "", NOW))
    html = holds(browser.get("/staff"), english, '<h2 id="found">1 pregunta</h2>', "preguntada 2 veces, la última hace")
    assert '<span class="why">1 aviso del público</span>' in html
    assert all(f">{name}<" in html for name in ("Por comprobar", "Aprobadas", "Retenidas", "Todas"))
    holds(browser.get("/staff?q=zebra"), english, "Ninguna pregunta contiene estas palabras.")


def test_a_check_and_an_edition(desk: Desk, browser: TestClient, english: set[str]) -> None:
    address = asked(browser)
    number = int(address.rpartition("/")[2])
    desk.journal.reviews.report(
        ReaderReport(desk.journal.reviews.get(number).latest, ReportKind.NAMES_PERSON, HOSTILE, NOW)
    )
    html = holds(
        browser.get(address), english,
        "Pendiente · preguntada 1 vez", "por el área del personal", ">como la ve el público<",
        'Afirmación 1<span class="unseen"> de 2</span>', "La fuente se equivoca", "Aprobar <kbd", "Retener <kbd",
        "Aviso del público, 20 de noviembre de 2026: nombra a una persona.", "&lt;img src=x",
        'data-judged="Afirmación {number}: {verdict}"',
    )  # fmt: skip
    assert re.findall(r"<kbd[^>]*>([a-z])</kbd>", html) == ["a", "e", "w", "l", *"jkaewlnr"]
    told = send(browser, address, **fields(html), state="withheld")
    holds(told, english, "escriba el motivo público", status=422)
    html = holds(browser.get(f"{address}/edit"), english, "En blanco: se cita palabra por palabra", ">Publicar<")
    for places, words in (
        (f"{HOSTILE} 1-1", "Afirmación 1: el público no puede ver ningún artículo"),
        ("2005-03-16-reuters 999-999", "Afirmación 1: 2005-03-16-reuters tiene las frases 1 a"),
    ):
        form = fields(html) | {"text-0": "Mine.", "place-0-0": places, "do": "preview"}
        shown = holds(send(browser, f"{address}/edit", **form), english, words, status=422)
        assert "<img" not in shown
    form = fields(html) | {"text-0": "Mine.", "place-0-0": "2005-03-16-reuters 2-2", "do": "preview"}
    holds(
        send(browser, f"{address}/edit", **form), english, "<h2 id=\"preview\">Así quedaría</h2>",
        'Programa: respaldada en parte. No source says &lt;b&gt;that&lt;/b&gt;.',
        '<span class="credit" lang="es">[1] Resumen de una información de Reuters, 16 de marzo de 2005:',
    )  # fmt: skip


def test_how_an_answer_was_made(desk: Desk, browser: TestClient, english: set[str]) -> None:
    room = FakeRoom()
    stopped = tuple(
        Stopped("It was raining.", cited, Support(Verdict.CONTRADICTED, (NUMBER_ELSE,), step, likelihood))
        for step, cited, likelihood in zip(CheckStep, ((), (1,), (1, 2)), (None, 0.1, 0.9), strict=True)
    )
    written = replace(list(room.replies(Question("written arrested")))[-1], stopped=stopped, usage=USED)
    recorder = Recorder(desk.journal.records, room.article, Making("0", "e", "lab:model"))
    review = desk.journal.reviews.of_answer(recorder.keep(written, channel=Channel.PAGE, seconds=0.1))
    holds(
        browser.get(f"/staff/review/{review.number}"), english,
        "La detuvo la comparación de números", "Su fuente: probablemente la respalda (0,9). Citaba los pasajes 1, 2 de",
        "Modelo de lenguaje lab:model: 2 textos, 4.321 tokens leídos, 99 de ellos de la caché, 50 escritos, en 1,5 s",
        "Coste a los precios de hoy: 0,00914.",
    )  # fmt: skip
    holds(
        browser.get("/staff/evaluation"), english, "<h2>Modelo de lenguaje</h2>", "<td>≈\u00a04.321</td>", ">En total<"
    )


def test_a_refusal_stays_in_the_language_that_it_was_given_in(browser: TestClient, english: set[str]) -> None:
    browser.headers["accept-language"] = "en"
    address = asked(browser, "Is he guilty?")
    browser.headers.update(SPANISH)
    given = 'El archivo no responde a esto. <span lang="en">The archive holds no verdict.</span>'
    holds(browser.get(address), english, given, "Artículos más cercanos:")


def test_what_is_decided_about_by_two_or_is_not_there(browser: TestClient, english: set[str]) -> None:
    address = asked(browser)
    form = fields(browser.get(address).text) | {"state": "approved"}
    assert send(browser, address, **form).status_code == 303
    words = "admin decidió esto mientras usted lo tenía abierto (aprobada, "
    holds(send(browser, address, **form), english, words, "UTC). No se guardó nada suyo.", status=409)
    holds(browser.get("/staff/review/999"), english, "El diario no contiene esa pregunta.", status=404)
    told = send(browser, "/staff/ask", question=" ")
    holds(told, english, "<h1>Aquí no</h1>", "La pregunta está vacía", status=422)
    assert 'class="locales"' not in told.text  # its links would lead to an address that only takes forms


def test_the_archive(desk: Desk, browser: TestClient, english: set[str]) -> None:
    imports = desk.journal.imports
    failure = Failure(HOSTILE, 3, "a title was expected")
    imports.end(
        imports.begin(NOW), IngestReport(1_234, 1, 0, (failure,), passages=4, seconds=0.5), paths=[HOSTILE], at=NOW
    )
    html = holds(
        browser.get("/staff/archive?done=withdrawal&article=2005-03-16-reuters"), english,
        "Hecho.", "Retirar: ya no se encuentra ni se cita", "1.234 añadidos, 1 actualizados",
        "20 de noviembre de 2026, 09:30 UTC", "&lt;img src=x onerror=alert(1)&gt;, línea 3",
        '<span lang="en">a title was expected</span>',
    )  # fmt: skip
    assert "<img" not in html
    for form, words in (
        ({}, "Elija qué hay que hacer."),
        ({"kind": "embargo", "until": "soon"}, "¿Hasta cuándo?"),
        ({"kind": "correction", "text": "x", "review_on": HOSTILE}, "se encontró «&lt;img src=x"),
        ({"kind": "correction", "text": "x" * 2001}, "El texto tiene 2.001 caracteres; acórtelo a 2.000 o menos."),
        ({"kind": "withdrawal"}, "Al público se le dice por qué: escríbalo."),
    ):
        holds(send(browser, "/staff/archive", article="bridge", **form), english, words, status=422)


def test_the_audit_log_keeps_its_own_terms(desk: Desk, tmp_path: Path, browser: TestClient, english: set[str]) -> None:
    desk.accounts.add("u", Role.READER, password=None, identity=HOSTILE, by="<script>")
    counted = f"{desk.journal.audit.count()} anotaciones. Huella de la última:"
    words = ("<h1>Registro de auditoría</h1>", counted, '<span lang="en">identity</span>')
    assert "<img" not in holds(browser.get("/staff/audit"), english, *words)
    assert "identity" in browser.get("/staff/audit.jsonl").text
    with closing(sqlite3.connect(tmp_path / "journal.sqlite3", isolation_level=None)) as opened:
        opened.executescript("DROP TRIGGER audit_stays; UPDATE audit SET after = '[' WHERE number = 2")
    holds(browser.get("/staff/audit"), english, "El registro fue alterado", status=500)


def test_an_own_account(desk: Desk, browser: TestClient, english: set[str]) -> None:
    holds(browser.get("/staff/account"), english, "admin, administración", "De 12 a 200 caracteres.")
    for new, again, words in (
        ("a new and longer one", "another", "no es la misma en los dos recuadros"),
        ("short", "short", "Se esperaba una contraseña de 12 a 200 caracteres; esta tiene 5."),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "repite unos pocos caracteres"),
    ):
        told = send(browser, "/staff/account", old=PASSWORD, new=new, again=again)
        holds(told, english, words, status=422)
    holds(browser.get("/staff/account?done=1"), english, "La contraseña ha cambiado")


def test_whoever_may_not(desk: Desk, english: set[str]) -> None:
    editor = desk.signed_in("editor")
    editor.headers.update(SPANISH)
    words = "Para esto se necesita el rol de administración. El suyo es el de edición."
    holds(editor.get("/staff/audit"), english, words, status=403)
    stale = editor.post("/staff/archive", data={"form_key": "none"}, headers=HERE)
    holds(stale, english, "<h1>No se guardó</h1>", status=403)


def test_the_desk_is_in_english_for_whoever_wants_that(browser: TestClient) -> None:
    reply = browser.get("/staff?lang=en")
    assert reply.headers["content-language"] == "en"
    assert "Nothing is left to check." in reply.text
    assert "Queue" in browser.get("/staff").text  # the switch is remembered


def test_programs_of_the_staff_are_told_in_english(desk: Desk) -> None:
    token = desk.accounts.add_token("checker", "bot", by="test")
    browser = desk.browser()
    told = browser.get("/api/staff/reviews/999", headers=SPANISH | {"authorization": f"Bearer {token}"})
    assert (told.status_code, told.json()["error"]) == (404, REFUSALS[0])


def test_every_kept_value_has_words() -> None:
    with use_locale("es"):
        said = {(type(value), value): value_words(value) for kind in CONTEXTS for value in kind}
    alike = {value.value for (_, value), words in said.items() if words == value.value.replace("_", " ")}
    assert alike == {"embargo"}


def test_what_the_journal_refuses_with_is_known(desk: Desk) -> None:
    with pytest.raises(NotFound) as refused:
        desk.journal.reviews.get(999)
    assert str(refused.value) in REFUSALS
