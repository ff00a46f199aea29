"""The ways to fail."""

from datetime import date


class ArchiveError(Exception):
    """The root of every failure that this project raises on purpose."""


class InputError(ArchiveError):
    """What was given cannot be used: says what was expected, found, and what to do."""


class QuestionError(InputError):
    """An empty or over-long question, an impossible date range; `box` names the field of a form that it is about."""

    def __init__(self, text: str, *, box: str = "q") -> None:
        super().__init__(text)
        self.box = box


class ReadError(InputError):
    """An article file or a record in it; `line` counts from 1, None where the whole file is meant."""

    def __init__(self, reason: str, *, path: str = "", line: int | None = None) -> None:
        place = path if line is None else f"{path}, line {line}"
        super().__init__(f"{place}: {reason}" if place else reason)
        self.reason, self.path, self.line = reason, path, line


class OutOfTime(BaseException):
    """An item took longer to read than it may. No Exception: the parsers of others catch those, and would go on."""

    def __init__(self, seconds: float) -> None:
        self.reason = (
            f"an item read within {seconds:g} s of processor time was expected, found one that took longer; split or "
            "shorten it, or set QA_ITEM_SECONDS higher"
        )
        super().__init__(self.reason)


class Overtaken(InputError): ...  # somebody else changed the same meanwhile: nothing was saved


class Refused(ArchiveError): ...  # who asks may not do that: not signed in, not with this role, or not so often


class Busy(ArchiveError):
    """Too many ask at once."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many are asking just now. Ask again in {seconds} seconds.")
        self.seconds = seconds


class NotFound(ArchiveError): ...  # no article of that id, or none that readers may see


class Withdrawn(NotFound):
    """It was taken back; `reason` is public and may be empty, `day` is when, where that is known."""

    def __init__(self, article_id: str, *, reason: str = "", day: date | None = None) -> None:
        super().__init__(f"The article {article_id!r} was withdrawn. `qa notices` shows when and why.")
        self.reason, self.day = reason, day


class Damaged(NotFound):
    """Its stored text is not as it was stored: nothing of it is shown until it is ingested again."""

    def __init__(self, article_id: str) -> None:
        super().__init__(
            f"The article {article_id!r} is damaged and was left out. Run `qa check`, which says what can be done."
        )


class SettingsError(ArchiveError): ...  # a setting has an unusable value


class ModelError(ArchiveError): ...  # the encoder's files are missing or are not the published ones


class ChatError(ArchiveError): ...  # the language model failed, took too long or may not be asked just now


class StoreError(ArchiveError): ...  # the stored archive cannot be used as it is


class StoreBusy(StoreError): ...  # another process holds it


class StoreMismatch(StoreError): ...  # it was made by another encoder or a newer version


class StoreFull(StoreError): ...  # the disk did not take what was to be written


class StoreDamaged(StoreError): ...  # a file of it is not as it was written
