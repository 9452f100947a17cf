"""The day of each part of an order, and the materials that are held for what is scheduled to be made."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "material_reservations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["stock_batches.id"], name=op.f("fk_material_reservations_batch_id_stock_batches")),
        sa.ForeignKeyConstraint(["order_line_id"], ["order_lines.id"], name=op.f("fk_material_reservations_order_line_id_order_lines")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_material_reservations")),
    )
    with op.batch_alter_table("material_reservations", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_material_reservations_batch_id"), ["batch_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_material_reservations_order_line_id"), ["order_line_id"], unique=False)

    with op.batch_alter_table("fulfilments", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("fulfilments", schema=None) as batch_op:
        batch_op.drop_column("due_on")

    op.drop_table("material_reservations")
