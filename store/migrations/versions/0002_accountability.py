"""What answers for an order: amendments, logs, approvals, promises and the words of customers."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delegations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("to_id", sa.Integer(), nullable=False),
        sa.Column("from_day", sa.Date(), nullable=False),
        sa.Column("until_day", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_delegations_staff_id_staff")),
        sa.ForeignKeyConstraint(["to_id"], ["staff.id"], name=op.f("fk_delegations_to_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegations")),
    )
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_delegations_staff_id"), ["staff_id"], unique=False)

    op.create_table(
        "customer_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=False),
        sa.Column("word", sa.String(length=128), nullable=False),
        sa.Column("product_id", sa.Integer(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name=op.f("fk_customer_words_customer_id_customers")),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name=op.f("fk_customer_words_product_id_products")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_customer_words")),
        sa.UniqueConstraint("customer_id", "word", name=op.f("uq_customer_words_customer_id_word")),
    )
    op.create_table(
        "approval_steps",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("reason", sa.String(length=256), nullable=False),
        sa.Column("need", sa.Integer(), nullable=False),
        sa.Column("touches", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_approval_steps_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_steps")),
        sa.UniqueConstraint("order_id", "round", "position", name=op.f("uq_approval_steps_order_id_round_position")),
    )
    with op.batch_alter_table("approval_steps", schema=None) as batch_op:
        batch_op.create_index(
            "ix_approval_steps_due",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )
        batch_op.create_index(batch_op.f("ix_approval_steps_order_id"), ["order_id"], unique=False)

    op.create_table(
        "communication_logs",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("contact", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=True),
        sa.Column("talked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("conclusion", sa.String(length=1024), nullable=False),
        sa.Column("todo", sa.String(length=512), nullable=True),
        sa.Column("todo_due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("occasion", sa.String(length=16), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_communication_logs_order_id_orders")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_communication_logs_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_communication_logs")),
    )
    with op.batch_alter_table("communication_logs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_communication_logs_order_id"), ["order_id"], unique=False)

    op.create_table(
        "evidence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("about", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_evidence_order_id_orders")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("order_id", "round", name=op.f("uq_evidence_order_id_round")),
    )
    op.create_table(
        "invoices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_invoices_order_id_orders")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_invoices_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoices")),
        sa.UniqueConstraint("order_id", name=op.f("uq_invoices_order_id")),
    )
    op.create_table(
        "offers",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=True),
        sa.Column("side", sa.String(length=16), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("parts", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("asks", sa.String(length=32), nullable=True),
        sa.Column("reasons", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("answers_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["answers_id"], ["offers.id"], name=op.f("fk_offers_answers_id_offers")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_offers_order_id_orders")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_offers_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offers")),
    )
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_offers_order_id"), ["order_id"], unique=False)

    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("changes", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("impact", sa.String(length=1024), nullable=False),
        sa.Column("log_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=512), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["log_id"], ["communication_logs.id"], name=op.f("fk_amendments_log_id_communication_logs")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_amendments_order_id_orders")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_amendments_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
    )
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_amendments_order_id"), ["order_id"], unique=False)

    op.create_table(
        "approval_seats",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=32), nullable=True),
        sa.Column("decided", sa.String(length=16), nullable=True),
        sa.ForeignKeyConstraint(["step_id"], ["approval_steps.id"], name=op.f("fk_approval_seats_step_id_approval_steps")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_seats")),
    )
    with op.batch_alter_table("approval_seats", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_seats_step_id"), ["step_id"], unique=False)

    op.create_table(
        "bookings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("work_center", sa.String(length=64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.Column("firm", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_bookings_order_line_id_order_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bookings")),
        sa.UniqueConstraint("order_line_id", "work_center", "day", name=op.f("uq_bookings_order_line_id_work_center_day")),
    )
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.create_index("ix_bookings_day", ["work_center", "day"], unique=False)
        batch_op.create_index(batch_op.f("ix_bookings_order_line_id"), ["order_line_id"], unique=False)

    op.create_table(
        "approval_decisions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.Column("decision", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=512), nullable=True),
        sa.Column("platform", sa.String(length=16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("snapshot_hash", sa.String(length=64), nullable=False),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["for_id"], ["staff.id"], name=op.f("fk_approval_decisions_for_id_staff")),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name=op.f("fk_approval_decisions_order_id_orders")),
        sa.ForeignKeyConstraint(["seat_id"], ["approval_seats.id"], name=op.f("fk_approval_decisions_seat_id_approval_seats")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_approval_decisions_staff_id_staff")),
        sa.ForeignKeyConstraint(["step_id"], ["approval_steps.id"], name=op.f("fk_approval_decisions_step_id_approval_steps")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_decisions")),
        sa.UniqueConstraint("seat_id", name=op.f("uq_approval_decisions_seat_id")),
    )
    with op.batch_alter_table("approval_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_decisions_order_id"), ["order_id"], unique=False)

    op.create_table(
        "approval_signers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seat_id", sa.Integer(), nullable=False),
        sa.Column("staff_id", sa.Integer(), nullable=False),
        sa.Column("because", sa.String(length=16), nullable=False),
        sa.Column("for_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["for_id"], ["staff.id"], name=op.f("fk_approval_signers_for_id_staff")),
        sa.ForeignKeyConstraint(["seat_id"], ["approval_seats.id"], name=op.f("fk_approval_signers_seat_id_approval_seats")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_approval_signers_staff_id_staff")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval_signers")),
        sa.UniqueConstraint("seat_id", "staff_id", name=op.f("uq_approval_signers_seat_id_staff_id")),
    )
    with op.batch_alter_table("approval_signers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_signers_seat_id"), ["seat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_approval_signers_staff_id"), ["staff_id"], unique=False)

    with op.batch_alter_table("fulfilments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("part", sa.Integer(), server_default="1", nullable=False))
        batch_op.drop_constraint(batch_op.f("uq_fulfilments_order_id_warehouse"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_fulfilments_order_id_warehouse_part"), ["order_id", "warehouse", "part"])

    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.alter_column("value", existing_type=sa.VARCHAR(length=2048), type_=sa.Text(), existing_nullable=False)

    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tax_included", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(
            sa.Column("splits", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), server_default="[]", nullable=False)
        )

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("phone", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("carrier", sa.String(length=32), nullable=True))
        batch_op.add_column(sa.Column("pickup", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("freight_collect", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("date_open", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("agreed_date", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("agreed_against", sa.Date(), nullable=True))

    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.add_column(sa.Column("chased", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("chase_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_tasks_chase", ["chase_at"], unique=False, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'")
        )


def downgrade() -> None:
    with op.batch_alter_table("tasks", schema=None) as batch_op:
        batch_op.drop_index("ix_tasks_chase", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_column("chase_at")
        batch_op.drop_column("chased")

    with op.batch_alter_table("orders", schema=None) as batch_op:
        batch_op.drop_column("agreed_against")
        batch_op.drop_column("agreed_date")
        batch_op.drop_column("date_open")
        batch_op.drop_column("freight_collect")
        batch_op.drop_column("pickup")
        batch_op.drop_column("carrier")
        batch_op.drop_column("phone")
        batch_op.drop_column("contact")

    with op.batch_alter_table("order_lines", schema=None) as batch_op:
        batch_op.drop_column("splits")
        batch_op.drop_column("tax_included")

    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.alter_column("value", existing_type=sa.Text(), type_=sa.VARCHAR(length=2048), existing_nullable=False)

    with op.batch_alter_table("fulfilments", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_fulfilments_order_id_warehouse_part"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_fulfilments_order_id_warehouse"), ["order_id", "warehouse"], postgresql_nulls_not_distinct=False
        )
        batch_op.drop_column("part")

    with op.batch_alter_table("approval_signers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_signers_staff_id"))
        batch_op.drop_index(batch_op.f("ix_approval_signers_seat_id"))

    op.drop_table("approval_signers")
    with op.batch_alter_table("approval_decisions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_decisions_order_id"))

    op.drop_table("approval_decisions")
    with op.batch_alter_table("bookings", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bookings_order_line_id"))
        batch_op.drop_index("ix_bookings_day")

    op.drop_table("bookings")
    with op.batch_alter_table("approval_seats", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_seats_step_id"))

    op.drop_table("approval_seats")
    with op.batch_alter_table("amendments", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_amendments_order_id"))

    op.drop_table("amendments")
    with op.batch_alter_table("offers", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offers_order_id"))

    op.drop_table("offers")
    op.drop_table("invoices")
    op.drop_table("evidence")
    with op.batch_alter_table("communication_logs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_communication_logs_order_id"))

    op.drop_table("communication_logs")
    with op.batch_alter_table("approval_steps", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_steps_order_id"))
        batch_op.drop_index("ix_approval_steps_due", sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.drop_table("approval_steps")
    op.drop_table("customer_words")
    with op.batch_alter_table("delegations", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_delegations_staff_id"))

    op.drop_table("delegations")
