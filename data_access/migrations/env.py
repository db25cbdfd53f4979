"""Alembic's entry: runs the versions on the connection it was handed."""

from alembic import context

from data_access.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by copying it
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
