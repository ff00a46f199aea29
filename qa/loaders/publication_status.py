"""The publication status of an article: the strictest of withdrawn, withheld, embargoed, corrected."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from qa.loaders.fields import FieldValue, date_of, date_text, line_of, parse_moment, printable_key
from qa.models.archive import Correction, Status, Withdrawal
from qa.text.cleaning import clean_line

KEYS = frozenset(("status", "correction", "corrections", "embargo", "withdrawn"))
MAX_NOTICE = 2_000  # characters of a correction or a reason; a longer one is an article
CANCELLED = "Cancelled by its publisher"

_STATUS_BY_CODE = {
    "usable": "live",
    **dict.fromkeys(("embargoed", "embargo"), "embargoed"),
    **dict.fromkeys(("canceled", "cancelled", "killed", "kill"), "withdrawn"),
}


def agency_status(code: str, *, embargo: str | None = None, reason: str = "") -> Mapping[str, object]:
    """Facts about an agency's item, from a status of the IPTC such as `usable` or `stat:canceled`.

    An unknown status, or an embargo without its end, withholds the item: better not shown than shown too early.
    `reason` is what readers are told of a cancelled item.
    """
    word = code.strip().lower().replace(" ", "").rpartition(":")[2].rpartition("/")[2]
    status = _STATUS_BY_CODE.get(word, "withheld") if word else "live"
    if status == "withdrawn":
        return {"status": status, "withdrawn": reason.strip() or CANCELLED}
    if status == "withheld" or (status == "embargoed" and not embargo):
        return {"status": "withheld"}
    return {"embargo": embargo} if embargo else {}


def status_of(
    facts: Mapping[str, FieldValue],
) -> tuple[Status, tuple[Correction, ...], datetime | None, Withdrawal | None]:
    """The status, corrections, when an embargo ends (UTC) and why it was withdrawn. Raises ReadError with a line."""
    corrections = tuple(
        Correction(*_notice(replace(field, value=value), name="text"))
        for field in (facts[key] for key in ("correction", "corrections") if key in facts)
        for value in (field.value if isinstance(field.value, list) else [field.value])
    )
    embargo = _embargo(facts["embargo"]) if "embargo" in facts else None
    withdrawal = None
    if (field := facts.get("withdrawn")) and field.value is not False:
        withdrawal = Withdrawal() if field.value is True else Withdrawal(*_notice(field, name="reason"))
    status = _status(facts["status"], corrections, embargo) if "status" in facts else Status.LIVE
    if status is Status.WITHDRAWN or withdrawal:
        return Status.WITHDRAWN, corrections, embargo, withdrawal or Withdrawal()
    if status is not Status.WITHHELD:
        status = Status.EMBARGOED if embargo else Status.CORRECTED if corrections else Status.LIVE
    return status, corrections, embargo, None


def _status(field: FieldValue, corrections: tuple[Correction, ...], embargo: datetime | None) -> Status:
    text = line_of(field).lower()
    if text not in tuple(Status):
        field.refuse(" or ".join(Status), advice="correct it; without one it is live")
    if text == Status.CORRECTED and not corrections:
        field.refuse("corrected beside its correction", advice="add the correction, or take the status out")
    if text == Status.EMBARGOED and not embargo:
        field.refuse("embargoed beside its embargo", advice="add when it ends (embargo: 2026-12-01)")
    return Status(text)


def _embargo(field: FieldValue) -> datetime:
    try:
        return parse_moment(date_text(field.value))
    except ValueError:
        expected = "a date such as 2026-12-01 or a time such as 2026-12-01T06:00+01:00"
        field.refuse(expected, advice="correct it, or take it out")


def _notice(field: FieldValue, *, name: str) -> tuple[str, date | None]:
    """The words and the date of a notice: text, or a mapping of `name` and `date`."""
    parts = field.value if isinstance(field.value, dict) else {name: field.value}
    if unknown := set(map(str, parts)) - {name, "date"}:
        field.refuse(f"{name} and date", advice=f"take out {printable_key(min(unknown))}")
    text, day = parts.get(name), parts.get("date")
    if not isinstance(text, str) or not clean_line(text):
        field.refuse(f"text, or {name} and date", advice=f"write the {name} as text, in quotes")
    if len(text) > MAX_NOTICE:
        field.refuse(f"at most {MAX_NOTICE:,} characters", advice="shorten it")
    return clean_line(text), None if day is None else date_of(replace(field, value=day))[0]
