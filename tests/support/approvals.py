"""Approval matrices for tests."""

from pathlib import Path

from store.settings import TradeSettings

NO_APPROVALS = TradeSettings(approvals=Path(__file__).parent / "no_approvals.yaml")
"""Nobody has to sign: for tests that are about something else."""
