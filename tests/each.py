"""One test over many cases: all are tried, and those that fail are told together."""

from __future__ import annotations

import functools
import inspect
import traceback
from collections.abc import Callable, Iterable
from typing import Any

import pytest

LONGEST = 900
"""Seconds for all cases of a test together."""


def each(names: str | tuple[str, ...], cases: Iterable[Any]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Like `pytest.mark.parametrize`, but one test: fixtures are made once for all cases, of which there is one.

    Raises AssertionError with every case that failed.
    """
    parameters = (names,) if isinstance(names, str) else names
    listed = list(cases)
    assert listed, "there is no case to try"

    def over_cases(test: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(test)
        fixtures = [value for name, value in signature.parameters.items() if name not in parameters]

        @functools.wraps(test)
        def tried(**given: Any) -> None:
            failures = []
            for case in listed:
                values = (case,) if isinstance(names, str) else case
                try:
                    test(**given, **dict(zip(parameters, values, strict=True)))
                except (Exception, pytest.fail.Exception):
                    failures.append(f"{case!r:.300}\n{traceback.format_exc(limit=-3)}")
            assert not failures, f"{len(failures)} of {len(listed)} cases fail:\n\n" + "\n".join(failures)

        tried.__signature__ = signature.replace(parameters=fixtures)  # type: ignore[attr-defined]
        return pytest.mark.timeout(LONGEST)(tried)

    return over_cases
