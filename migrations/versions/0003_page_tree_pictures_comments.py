"""The whole page tree: objectives with pages of their own, chosen sections, pictures, comments, private teams."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "pictures",
        sa.Column("page_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_pictures_page_id_pages")),
        sa.PrimaryKeyConstraint("page_id", "name", name=op.f("pk_pictures")),
    )
    op.create_table(
        "comments",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("page_id", sa.String(length=64), nullable=False),
        sa.Column("author_id", sa.String(length=255), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("problem", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_comments_page_id_pages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comments")),
    )
    op.create_index("ix_comments_answered", "comments", ["answered"])
    op.create_table(
        "comment_channels",
        sa.Column("site", sa.String(length=255), nullable=False),
        sa.Column("open_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("site", name=op.f("pk_comment_channels")),
    )
    with op.batch_alter_table("objectives", schema=None) as batch_op:
        batch_op.add_column(sa.Column("own_page", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("pages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("objective_id", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("sections", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("wiki_parent", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("marked", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("restricted_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("restricted_to", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("final_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("pictures_refused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("pictures_problem", sa.Text(), server_default="", nullable=False))
        batch_op.create_foreign_key(
            batch_op.f("fk_pages_objective_id_objectives"), "objectives", ["objective_id"], ["id"]
        )

    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.add_column(sa.Column("readers", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("teams", schema=None) as batch_op:
        batch_op.drop_column("readers")

    with op.batch_alter_table("pages", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_pages_objective_id_objectives"), type_="foreignkey")
        batch_op.drop_column("pictures_problem")
        batch_op.drop_column("pictures_refused_at")
        batch_op.drop_column("final_at")
        batch_op.drop_column("told_at")
        batch_op.drop_column("restricted_to")
        batch_op.drop_column("restricted_at")
        batch_op.drop_column("marked")
        batch_op.drop_column("wiki_parent")
        batch_op.drop_column("sections")
        batch_op.drop_column("objective_id")

    with op.batch_alter_table("objectives", schema=None) as batch_op:
        batch_op.drop_column("own_page")

    op.drop_table("comment_channels")
    op.drop_index("ix_comments_answered", table_name="comments")
    op.drop_table("comments")
    op.drop_table("pictures")
