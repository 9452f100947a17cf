"""What the doors count for /metrics (prometheus_client: the format that every monitor reads)."""

from prometheus_client import Counter, Histogram

MESSAGES = Counter("gendan_messages", "Messages and presses that came in, by what became of them", ["platform", "outcome"])
REFUSED = Counter("gendan_callbacks_refused", "Callbacks that were not taken in", ["path", "status"])
ANSWERED = Histogram(
    "gendan_answer_seconds",
    "From the verified callback to its answer",
    ["platform"],
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4),
)
