"""Names in `qa` are the field's: one meaning each, nouns for what they hold, and functions that fit a screen."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "qa"

OLD_WORDS = frozenset(
    (
        "desk",
        "room",
        "door",
        "office",
        "shell",
        "shelf",
        "tongue",
        "day_road",
        "enquiry",
        "demands",
        "cues",
        "rulings",
        "rarity",
        "telling",
    )
)
"""What the first version called its parts; the field has other words for them."""

EMPTY_NAMES = frozenset(
    (
        "one",
        "other",
        "others",
        "own",
        "found",
        "told",
        "said",
        "held",
        "stated",
        "shown",
        "theirs",
        "ours",
        "kept",
        "given",
        "meant",
        "asked",
        "made",
        "taken",
    )
)
"""Say of a value only that it is one."""

MOST_EMPTY = 0.02
LONGEST_FUNCTION = 60


@cache
def trees() -> dict[str, ast.Module]:
    """The modules of the package, by their path in it."""
    paths = sorted(PACKAGE.rglob("*.py"))
    return {str(path.relative_to(PACKAGE)): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def nodes() -> Iterator[tuple[str, ast.AST]]:
    for path, tree in trees().items():
        for node in ast.walk(tree):
            yield path, node


def identifiers(node: ast.AST) -> Iterator[str]:
    """The names that stand in a node itself, not in those below it."""
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            yield name
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.keyword(arg=str(name)) | ast.ExceptHandler(name=str(name)):
            yield name
        case ast.alias(name=name, asname=renamed):
            yield from name.split(".")
            if renamed:
                yield renamed


def assigned_names(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.arg(arg="self" | "cls"):
            return
        case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()) | ast.arg(arg=name):
            yield name
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            yield name


def plain(name: str) -> str:
    return name.strip("_").lower()


def test_no_class_name_stands_in_two_modules() -> None:
    homes = defaultdict(list)
    for path, node in nodes():
        if isinstance(node, ast.ClassDef):
            homes[plain(node.name)].append(f"{path}:{node.lineno}")
    doubles = {name: places for name, places in sorted(homes.items()) if len(places) > 1}
    assert not doubles, "\n".join(f"{name}: {', '.join(places)}" for name, places in doubles.items())


def test_no_word_of_the_first_version_names_anything() -> None:
    modules = [(path, part.removesuffix(".py")) for path in trees() for part in Path(path).parts]
    names = [(f"{path}:{getattr(node, 'lineno', 0)}", name) for path, node in nodes() for name in identifiers(node)]
    old = sorted({f"{place} {name}" for place, name in [*modules, *names] if plain(name) in OLD_WORDS})
    assert not old, "\n".join(old)


def test_hardly_any_variable_has_a_name_that_says_nothing() -> None:
    places = [(f"{path}:{getattr(node, 'lineno', 0)}", name) for path, node in nodes() for name in assigned_names(node)]
    empty = [f"{place} {name}" for place, name in places if plain(name) in EMPTY_NAMES]
    share = len(empty) / len(places)
    assert share <= MOST_EMPTY, f"{len(empty)} of {len(places)} ({share:.1%}):\n" + "\n".join(empty)


def test_no_function_is_longer_than_a_screen() -> None:
    long = []
    for path, node in nodes():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            lines = (node.end_lineno or first) - first + 1
            if lines > LONGEST_FUNCTION:
                long.append(f"{path}:{first} {node.name}: {lines} lines")
    assert not long, "\n".join(long)


def test_the_rules_are_seen_to_be_broken() -> None:
    source = "import room\nclass Desk:\n    def door(self, one):\n        self.own = [told for told in one]\n"
    tree = ast.parse(source)
    names = {plain(name) for node in ast.walk(tree) for name in identifiers(node)}
    assert {"room", "desk", "door"} == names & OLD_WORDS
    assigned = [name for node in ast.walk(tree) for name in assigned_names(node)]
    assert sorted(assigned) == ["one", "own", "told"]
