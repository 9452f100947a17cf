"""`python -m tests.bench [PART…]`: takes the figures and prints them with their limits."""

import click

from tests.bench import amend, callbacks, contention, demo, latency, promise, reading, scale
from tests.bench.stage import POSTGRESQL, SQLITE

PARTS = {
    "callbacks": callbacks.run,
    "latency": latency.run,
    "scale": scale.run,
    "promise": promise.run,
    "amend": amend.run,
    "contention": contention.run,
    "demo": demo.run,
    "reading": reading.run,
}


@click.command()
@click.argument("parts", nargs=-1, type=click.Choice(list(PARTS)))
@click.option("--quick", is_flag=True, help="Fewer repetitions and orders: to see that it runs, not what the figures are.")
@click.option("--database", "databases", multiple=True, type=click.Choice([SQLITE, POSTGRESQL]), help="Both unless named.")
def main(parts: tuple[str, ...], quick: bool, databases: tuple[str, ...]) -> None:
    """Takes the figures of all parts, or of those named."""
    for part in parts or PARTS:
        PARTS[part](quick=quick, databases=list(databases) or [SQLITE, POSTGRESQL])


if __name__ == "__main__":
    main()
