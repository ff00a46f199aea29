"""An article as the command line shows it to the staff: all that is held of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from qa.answering.json_values import figure_json, mention_json, stage_json
from qa.models.archive import Article, Metadata, Source, Status, long_date, moment_text
from qa.models.deliveries import Original
from qa.models.notices import Standing, Version
from qa.text.annotating import annotate
from qa.text.differences import Change, differing_paragraphs

_MARKS = {Change.KEPT: ("", ""), Change.REMOVED: ("[-", "-]"), Change.ADDED: ("{+", "+}")}


def article_json(article: Article, standing: Standing) -> dict[str, object]:
    source, read = article.source, annotate(article)
    return {
        "id": source.article_id,
        "title": source.title,
        "outlet": source.outlet,
        "url": source.url,
        "published": source.published.isoformat() if source.published else None,
        "language": source.language,
        "kind": source.kind,
        **_standing_json(source, standing),
        "summarises": source.summarises,
        "event_date": article.event_date,
        "derived_from": article.derived_from,
        "note": article.note,
        "headline_only": article.headline_only,
        "metadata": _metadata_json(article.metadata),
        "version": source.version,
        "extra": dict(article.extra),
        "dates": [mention_json(one) for one in read.dates],
        "claims": [figure_json(figure) for figure in read.figures],
        "stages": [stage_json(one) for one in read.stages],
        "body": article.body,
    }


def _standing_json(source: Source, standing: Standing) -> dict[str, object]:
    withdrawn = standing.status is Status.WITHDRAWN
    return {
        "status": standing.status.value,
        "corrections": [{"text": one.text, "date": one.day and one.day.isoformat()} for one in source.corrections],
        "embargo": moment_text(standing.until) if standing.until else None,
        "withdrawn": {"reason": standing.reason, "date": standing.day and standing.day.isoformat()}
        if withdrawn
        else None,
    }


def _standing_lines(source: Source, standing: Standing) -> Iterator[str]:
    """What readers may see and are told of an article; nothing of one that is simply live."""
    yield from (f"{one.lead}: {one.text}" for one in source.corrections)
    until = f" until {moment_text(standing.until)}" if standing.status is Status.EMBARGOED and standing.until else ""
    reason = f": {standing.reason}" if standing.reason else ""
    if not standing.status.readable:
        yield f"Not shown to readers: {standing.status}{until}{reason}"


def article_text(article: Article, standing: Standing) -> str:
    source = article.source
    head = [source.title, f"{source.credit}. Published: {long_date(source.published)}. Language: {source.language}."]
    if source.url:
        head.append(source.url)
    if article.note:
        head.append(f"Note: {article.note}")
    head += _standing_lines(source, standing)
    return "\n".join(head) + "\n\n" + article.body


def read_from_json(*, path: str, original: Original | None) -> dict[str, object]:
    return {"path": path, "original": asdict(original) if original else None}


def version_json(version: Version) -> dict[str, object]:
    article = version.article
    return {
        "version": version.number,
        "digest": version.digest,
        "title": article.source.title,
        "published": article.source.published.isoformat() if article.source.published else None,
        "status": article.source.status.value,
        "source_version": article.metadata.version,
        "stored_at": moment_text(version.stored_at) if version.stored_at else None,
        "replaced_at": moment_text(version.replaced_at),
        "path": version.path,
        "body": article.body,
    }


def versions_text(article: Article, versions: Sequence[Version]) -> str:
    """Each change, the oldest first: [-what was taken out-], {+what was put in+}."""
    if not versions:
        return "The archive holds one text of this article."
    return "\n\n".join(_changes(article, versions))


def _changes(article: Article, versions: Sequence[Version]) -> Iterator[str]:
    followed = [*(version.article for version in versions[1:]), article]
    for version, after in zip(versions, followed, strict=True):
        before = version.article
        yield (
            f"Version {version.number} became version {version.number + 1} on {moment_text(version.replaced_at)} "
            f"(digest of the text before: {version.digest[:12]}, read from {version.path})"
        )
        for old, new in ((before.source.title, after.source.title), (before.body, after.body)):
            for paragraph in differing_paragraphs(old, new):
                yield "".join(f"{_MARKS[one.change][0]}{one.text}{_MARKS[one.change][1]}" for one in paragraph)


def _metadata_json(metadata: Metadata) -> dict[str, object]:
    """What the source says beside the words; empty values left out."""
    said = asdict(metadata) | {"revised": moment_text(metadata.revised) if metadata.revised else None}
    return {key: value for key, value in said.items() if value not in (None, "", (), [])}
