"""Metrics of a served archive for Prometheus, and the address at which they are read."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, ProcessCollector
from prometheus_client import disable_created_metrics as without_creation_times
from prometheus_client import generate_latest as exposition
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from qa.errors import StoreError
from qa.models.archive import Coverage
from qa.models.journal import Channel
from qa.models.replies import Answer, Reply
from qa.web.limits import RequestQueue, address_of, host_of

# Who may read them: nobody, this machine without a proxy between, or whoever reaches the address.
Access = Literal["off", "local", "on"]

# Seconds: quotes take 0.4 s on two cores, an answer that a language model writes may take its 30 s and retries.
BUCKETS = (0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)

_PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-real-ip")  # headers of those who pass a request on


class Metrics:
    """What is counted while the archive is served, in a registry of its own; no label has a value from outside."""

    def __init__(self) -> None:
        without_creation_times()  # type: ignore[no-untyped-call]
        self.registry = registry = CollectorRegistry()
        by = ("channel", "result")
        self.questions = Counter("qa_questions", "Questions, by channel and result.", by, registry=registry)
        self._seconds = Histogram(
            "qa_reply_seconds", "Seconds that whole replies took.", by[:1], buckets=BUCKETS, registry=registry
        )
        self._responses = Counter("qa_responses", "Responses, by HTTP status.", ("status",), registry=registry)
        self._calls = Counter("qa_llm_calls", "Texts asked of the language model.", registry=registry)
        self._tokens = Counter("qa_llm_tokens", "Tokens it read and wrote.", ("direction",), registry=registry)
        # An alarm on what never happened yet needs its zero.
        for channel in (Channel.PAGE, Channel.EMBED, Channel.API):
            self._seconds.labels(channel)
            for result in ("answered", "refused", "failed"):
                self.questions.labels(channel, result)
        ProcessCollector(registry=registry)

    def replied(self, reply: Reply, *, channel: Channel, seconds: float) -> None:
        self.questions.labels(channel, "answered" if isinstance(reply, Answer) else "refused").inc()
        self._seconds.labels(channel).observe(seconds)
        if usage := reply.usage:
            self._calls.inc(usage.calls)
            self._tokens.labels("read").inc(usage.tokens_read)
            self._tokens.labels("written").inc(usage.tokens_written)

    def responded(self, status: int) -> None:
        self._responses.labels(status).inc()


@dataclass(eq=False)
class ArchiveCollector(Collector):
    """What is looked up whenever the metrics are read; `filled` is when an ingestion last ended."""

    queue: RequestQueue
    coverage: Callable[[], Coverage | None]
    filled: Callable[[], datetime | None]

    def collect(self) -> Iterable[Metric]:
        queue, coverage = self.queue, self.coverage()
        yield GaugeMetricFamily("qa_archive_readable", "1 where the archive can be read, else 0.", coverage is not None)
        if coverage is not None:
            yield GaugeMetricFamily("qa_articles", "Public articles in the archive.", coverage.articles)
        try:
            if filled := self.filled():
                text = "When one last ended."
                yield GaugeMetricFamily("qa_last_ingestion_timestamp_seconds", text, filled.timestamp())
        except StoreError:  # that the archive can't be read is told by a metric of its own
            pass
        yield GaugeMetricFamily("qa_queue_waiting", "Requests that wait for their turn.", len(queue.waiting))
        yield GaugeMetricFamily("qa_queue_served", "Requests whose turn it is.", queue.served.total())
        yield CounterMetricFamily("qa_queue_turned_away", "Requests that got no turn.", queue.turned_away)


def add_metrics(app: FastAPI, metrics: Metrics, collector: ArchiveCollector, *, access: Access) -> None:
    """The address of the metrics, at which others find nothing."""
    metrics.registry.register(collector)

    @app.get("/metrics")
    def read(request: Request) -> Response:
        proxied, address = any(name in request.headers for name in _PASSED_ON), address_of(host_of(request) or "")
        here = not proxied and address is not None and address.is_loopback
        if access == "off" or (access == "local" and not here):
            raise HTTPException(404)
        return Response(exposition(metrics.registry), media_type=CONTENT_TYPE_LATEST)
