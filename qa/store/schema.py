"""The catalogue's tables, as numbered migrations: files of SQL in `migrations/`."""

from importlib.resources import files

from qa.store.checksums import CATALOGUE, adding


def sql(package: str, name: str, **computed: str) -> str:
    """The SQL in a file of a package, with what is `computed` in place of its name in braces."""
    script = files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    for part, text in computed.items():
        script = script.replace(f"{{{part}}}", text)
    return script


_ADDING = adding(name for name in CATALOGUE if name != "sentence_vectors")

MIGRATIONS = (
    # The sixth is what 0.1.0 made; before it there were five, which no archive has that was made by a release.
    *("",) * 5,
    *(sql("qa.store", f"migrations/{number}", adding=_ADDING) for number in range(6, 12)),
)
