"""`/metrics` for Prometheus: what this process has counted, and how the desk stands now, read at every scrape."""

from collections.abc import Iterable, Iterator

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from pages.reader import Reader
from store.clock import SystemClock
from store.deliveries import figures
from store.models import Episode, Meter, Order, OutboxMessage, UnreadEvent
from store.outbox import Urgency
from store.transaction import Transaction


class Metrics:
    """The handler of `/metrics`."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def show(self, _request: web.Request) -> web.Response:
        """All figures in Prometheus' text form."""
        standing = CollectorRegistry()
        standing.register(_Standing(await self._reader.read(lambda tx: list(_gauges(tx)))))
        body = generate_latest(REGISTRY) + generate_latest(standing)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Standing(Collector):
    def __init__(self, metrics: list[Metric]) -> None:
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        return self._metrics


def _gauges(tx: Transaction) -> Iterator[Metric]:
    waiting = _counts(tx, OutboxMessage.urgency, ~OutboxMessage.addressed)
    named = {Urgency(int(urgency)).name.lower(): count for urgency, count in waiting.items()}
    yield _gauge("gendan_outbox_unaddressed", "Messages that wait to be addressed", "urgency", named)
    deliveries = figures(tx.session)
    sent = GaugeMetricFamily("gendan_deliveries", "Sendings kept, by channel and state", labels=["channel", "state"])
    for labels, count in deliveries.states.items():
        sent.add_metric(labels, count)
    yield sent
    age = (SystemClock().now() - deliveries.oldest_due).total_seconds() if deliveries.oldest_due else 0
    yield GaugeMetricFamily("gendan_oldest_due_seconds", "How long the oldest unsent message has been due", max(age, 0))
    yield GaugeMetricFamily("gendan_deliveries_possibly_double", "Sendings whose outcome was unknown", deliveries.possibly_double)
    unread = tx.session.scalar(select(func.count()).select_from(UnreadEvent)) or 0
    yield GaugeMetricFamily("gendan_unread_events", "Events that no automation has taken up yet", unread)
    yield _gauge("gendan_open_episodes", "Alerts that hold now", "rule", _counts(tx, Episode.rule, Episode.resolved_at.is_(None)))
    yield _gauge("gendan_orders", "Orders by stage", "stage", _counts(tx, Order.stage))
    quota = {meter.name: meter.count for meter in tx.session.scalars(select(Meter).where(Meter.period == f"{tx.today:%Y-%m}"))}
    yield _gauge("gendan_month_counts", "What counts against a platform's monthly limits", "name", quota)


def _counts(tx: Transaction, column: "InstrumentedAttribute[str] | InstrumentedAttribute[int]", *where: object) -> dict[str, int]:
    query = select(column, func.count()).where(*where).group_by(column)  # type: ignore[arg-type]
    return {str(value): count for value, count in tx.session.execute(query)}


def _gauge(name: str, text: str, label: str, values: dict[str, int]) -> Metric:
    gauge = GaugeMetricFamily(name, text, labels=[label])
    for value, count in values.items():
        gauge.add_metric([value], count)
    return gauge
