"""Approval matrices for tests."""

from pathlib import Path

from store.settings import TradeSettings
from store.transaction import Store

NO_APPROVALS = TradeSettings(approvals=Path(__file__).parent / "no_approvals.yaml")
"""Nobody has to sign: for tests that are about something else."""


def use_matrix(store: Store, path: Path | None = None) -> None:
    """Lets a store go by the matrix of this file, or by the one that ships."""
    store.settings.trade = store.settings.trade.model_copy(update={"approvals": path})
