"""What people look at in a browser, and `/api` for other programs. Read-only."""
