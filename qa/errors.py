"""The ways to fail.

ArchiveError
├── InputError          what was given cannot be used: says what was expected, found, and what to do
│   ├── QuestionError   an empty or over-long question, an impossible date range
│   ├── ReadError       an article file or a record in it; carries path and line
│   └── Overtaken       somebody else changed the same meanwhile: nothing was saved
├── Refused             who asks may not do that: not signed in, not with this role, or not so often
├── Busy                too many ask at once; carries the seconds to wait
├── NotFound            no article of that id, or none that readers may see
│   ├── Withdrawn       it was taken back; carries the public reason and the day
│   └── Damaged         its stored text is not as it was stored: nothing of it is shown until it is ingested again
├── SettingsError       a setting has an unusable value
├── ModelError          the encoder's files are missing or are not the published ones
├── ChatError           the language model failed, took too long or may not be asked just now
└── StoreError          the stored archive cannot be used as it is
    ├── StoreBusy       another process holds it
    ├── StoreMismatch   it was made by another encoder or a newer version
    ├── StoreFull       the disk did not take what was to be written
    └── StoreDamaged    a file of it is not as it was written

OutOfTime               an item took longer to read than it may
"""

from datetime import date


class ArchiveError(Exception):
    """The root of every failure that this project raises on purpose; what each means stands above."""


class InputError(ArchiveError): ...


class QuestionError(InputError): ...


class ReadError(InputError):
    """`line` counts from 1; None where the whole file is meant."""

    def __init__(self, reason: str, *, path: str = "", line: int | None = None) -> None:
        place = path if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason = reason
        self.path = path
        self.line = line


class OutOfTime(BaseException):
    """No Exception: the parsers of others catch those, and would go on."""

    def __init__(self, seconds: float) -> None:
        self.reason = (
            f"an item read within {seconds:g} s of processor time was expected, found one that took longer; split or "
            "shorten it, or set QA_ITEM_SECONDS higher"
        )
        super().__init__(self.reason)


class Overtaken(InputError): ...


class Refused(ArchiveError): ...


class Busy(ArchiveError):
    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many are asking just now. Ask again in {seconds} seconds.")
        self.seconds = seconds


class NotFound(ArchiveError): ...


class Withdrawn(NotFound):
    """`reason` may be empty; `day` is when, where that is known."""

    def __init__(self, article_id: str, *, reason: str = "", day: date | None = None) -> None:
        super().__init__(f"The article {article_id!r} was withdrawn. `qa notices` shows when and why.")
        self.reason = reason
        self.day = day


class Damaged(NotFound):
    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"The article {article_id!r} is damaged and was left out. Run `qa check`, which says what can be done."
        )


class SettingsError(ArchiveError): ...


class ModelError(ArchiveError): ...


class ChatError(ArchiveError): ...


class StoreError(ArchiveError): ...


class StoreBusy(StoreError): ...


class StoreMismatch(StoreError): ...


class StoreFull(StoreError): ...


class StoreDamaged(StoreError): ...
