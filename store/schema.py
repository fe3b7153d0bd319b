"""The state of the database's tables: is it this program's, and how does it become so.

An empty database gets today's tables at once. The migrations are for those that hold something; a test holds that
both ways end the same. Alembic is imported only for them: it is a third of the time to start.
"""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from store import downstream_tables, mailbox_tables, search_tables, staff_tables  # noqa: F401  # fill the metadata
from store.database import Database
from store.errors import WrongSchema
from store.tables import Case

HEAD = "0007"
"""The newest migration in store/migrations/versions."""


async def find_revision(database: Database) -> str:
    """The migration that the database is at; "" when it is empty."""
    return await database.read(_revision)


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or ""


async def require_schema(database: Database) -> None:
    """Raise WrongSchema, with a sentence for the operator, unless the tables are this program's."""
    revision = await find_revision(database)
    if revision == HEAD:
        return
    if revision < HEAD:
        raise WrongSchema(
            f"The database is at {revision or 'nothing'}, this Kvitto needs {HEAD}. Run: kvitto migrate"
        )
    raise WrongSchema(
        f"The database is at {revision}, newer than this Kvitto ({HEAD}). Install a newer Kvitto."
    )


async def migrate(database: Database) -> tuple[str, str]:
    """Bring the tables up to HEAD; return the migration before and after. Raises WrongSchema."""
    before = await find_revision(database)
    if before > HEAD:
        await require_schema(database)
    if before < HEAD:
        async with database.transaction() as run:
            await run(upgrade if before else _create)
    return before, HEAD


def _create(connection: Connection) -> None:
    """Today's tables, in an empty database."""
    if _revision(connection):
        return  # another node was quicker
    Case.metadata.create_all(connection)
    connection.execute(text(_VERSION_TABLE))
    connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:head)"), {"head": HEAD})


# As Alembic makes it.
_VERSION_TABLE = """
CREATE TABLE alembic_version (
    version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
)
"""


def upgrade(connection: Connection) -> None:
    """Run the migrations that the database has not had."""
    from alembic import command  # noqa: PLC0415  # see the module's docstring
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
