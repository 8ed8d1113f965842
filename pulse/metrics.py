"""The reading in the words of Prometheus. Every number is taken from the database, so that all processes agree."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from pulse.reading import Pulse

PREFIX = "complaint_desk"


class Readings:
    """One reading, as a collector of Prometheus' library gives it."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse

    def collect(self) -> Iterator[Metric]:
        """The metrics; durations in seconds."""
        pulse = self._pulse
        yield _gauge("timers_healthy", "1 while every timer beats and no alarm stands.", float(pulse.is_healthy))
        yield _gauge("timers_lag_seconds", "How late the latest thing was that is or was due.", pulse.lag)
        yield _gauge("timers_alarm", "1 while due things stay unfired.", float(pulse.alarm_since is not None))
        yield CounterMetricFamily(f"{PREFIX}_timers_alarms", "Alarms raised ever.", value=pulse.alarms)
        ages = GaugeMetricFamily(
            f"{PREFIX}_heartbeat_age_seconds", "Since when a periodic task has not completed.", labels=["task"]
        )
        for task, age in sorted(pulse.ages.items()):
            ages.add_metric([task], age)
        yield ages
        unfired = GaugeMetricFamily(f"{PREFIX}_due_not_fired", "Due for some seconds, and not fired.", labels=["kind"])
        unfired.add_metric(["clock"], pulse.overdue.clocks)
        unfired.add_metric(["escalation"], pulse.overdue.escalations)
        yield unfired
        yield _gauge("rows_set_aside", "Rows that failed, to be tried again or given up.", pulse.set_aside)
        yield _gauge("rows_given_up", "Rows that wait for somebody to have them tried again.", pulse.given_up)
        yield _gauge("outbox_due_messages", "Messages that should have left.", pulse.waiting)
        yield _gauge("outbox_oldest_due_seconds", "Since when the first of them should have left.", pulse.waits)


def exposition(pulse: Pulse) -> bytes:
    """The reading as Prometheus reads it."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Readings(pulse))
    return generate_latest(registry)


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"{PREFIX}_{name}", words, value=value)
