"""What is kept: tables, migrations, the transaction, settings, the clock, Redis. Imports no other room."""
