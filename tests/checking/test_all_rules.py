"""Every rule is asked: one that is written and stands in no list checks nothing."""

from __future__ import annotations

import importlib
import inspect
import pkgutil

from qa.answering import checking
from qa.answering.checking.check import RULES

LATER = {"coverage", "added", "abroad", "form"}
"""What is asked before the rules, or only where none objects."""


def test_every_public_function_that_finds_something_is_in_the_list() -> None:
    found = set()
    for module in pkgutil.iter_modules(checking.__path__):
        own = importlib.import_module(f"{checking.__name__}.{module.name}")
        for name, one in inspect.getmembers(own, inspect.isfunction):
            finds = inspect.signature(one).return_annotation == "Iterator[Finding]"
            if finds and one.__module__ == own.__name__ and not name.startswith("_"):
                found.add(name)
    assert found - LATER == {rule.__name__ for rule in RULES}
    assert found >= LATER
    assert len(RULES) == len(set(RULES))
