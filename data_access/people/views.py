"""Views that people keep: a page with its filters under a name, for themselves or shared with a role.

A view holds an address and no number: whoever opens it sees of it what they may see.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from data_access.copies.serving import without_copy
from data_access.database.limits import LONGEST_KEY, LONGEST_NOTE
from data_access.engine import rows_of, writing
from data_access.errors import NotFound
from data_access.people.audit import Action, note
from data_access.people.kept import NotKept, is_seen, must_be_shared_so, must_fit, named
from data_access.schema import saved_view
from data_access.scope import Person

MOST = 50  # of one person: more are no shorter to find than to choose again


@dataclass(frozen=True)
class View:
    """One view as its reader sees it.

    page         its path in the address; query: the parameters there
    shared_with  one of `kept.SHARED`; None: nobody
    is_start     whether the reader's own start page
    is_own       else somebody shared it: `saved_by`
    """

    view_id: int
    name: str
    page: str
    query: str
    shared_with: str | None
    is_start: bool
    is_own: bool
    saved_by: str


def views(database: sa.Engine, person: Person) -> list[View]:
    """The person's own views, then those shared with them, by name. Directors look after whatever is shared."""
    v = saved_view.c
    seen = is_seen(saved_view, person)
    if person.role == "director":
        seen = sa.or_(seen, v.shared_with.is_not(None))
    return sorted(_read(database, person, seen), key=lambda view: (not view.is_own, view.name.lower()))


def start(database: sa.Engine, person: Person) -> View | None:
    """The view with which the person begins; None: none is chosen."""
    found = _read(database, person, sa.and_(saved_view.c.owner == person.key, saved_view.c.is_start))
    return found[0] if found else None


def save(
    database: sa.Engine, person: Person, name: str, page: str, query: str, shared_with: str | None, *, at: datetime
) -> int:
    """Keep a page with its filters under a name, and give the view's id. Raises NotKept where the name is missing, too
    long or taken, or there are too many."""
    name = _checked(person, name, shared_with)
    must_fit("The page", page, LONGEST_KEY)
    must_fit("The address", query, LONGEST_NOTE)
    v = saved_view.c
    try:
        with writing(database) as connection:
            own = sa.select(v.view_id).where(v.owner == person.key)
            if len(connection.execute(own).all()) >= MOST:
                raise NotKept(f"You have {MOST} views, and that is the most. Delete one first.", "many")
            written = saved_view.insert().values(
                owner=person.key,
                name=name,
                page=page,
                query=query,
                shared_with=shared_with,
                is_start=False,
                saved_by=person.name or person.role,
                saved_at=at,
            )
            view_id = connection.execute(written.returning(v.view_id)).scalar_one()
            _note(connection, person, "save_view", view_id, at)
    except sa.exc.IntegrityError as error:
        raise _taken(name) from error
    return view_id


def change(
    database: sa.Engine, person: Person, view_id: int, name: str, shared_with: str | None, *, at: datetime
) -> None:
    """Rename one's own view, or share it otherwise. Raises NotKept likewise, NotFound where it is not one's own."""
    name = _checked(person, name, shared_with)
    try:
        with writing(database) as connection:
            _must_be_found(
                connection.execute(
                    saved_view.update().where(_own(person, view_id)).values(name=name, shared_with=shared_with)
                ),
                view_id,
            )
            _note(connection, person, "change_view", view_id, at)
    except sa.exc.IntegrityError as error:
        raise _taken(name) from error


def begin_with(database: sa.Engine, person: Person, view_id: int | None, *, at: datetime) -> None:
    """Begin with one of one's own views; None: with the product's first page. Raises NotFound where it is another's."""
    person.must_be_allowed_to_write(saved_view.name)
    with writing(database) as connection:
        own = saved_view.c.owner == person.key
        connection.execute(saved_view.update().where(own, saved_view.c.is_start).values(is_start=False))
        if view_id is not None:
            chosen = saved_view.update().where(_own(person, view_id)).values(is_start=True)
            _must_be_found(connection.execute(chosen), view_id)
        _note(connection, person, "begin_with_view", view_id or 0, at)


def delete(database: sa.Engine, person: Person, view_id: int, *, at: datetime) -> None:
    """Delete one's own view; directors also what others share. Raises NotFound where it is neither."""
    person.must_be_allowed_to_write(saved_view.name)
    may = _own(person, view_id)
    if person.role == "director":
        may = sa.or_(may, sa.and_(saved_view.c.view_id == view_id, saved_view.c.shared_with.is_not(None)))
    with writing(database) as connection:
        _must_be_found(connection.execute(saved_view.delete().where(may)), view_id)
        _note(connection, person, "delete_view", view_id, at)


def _read(database: sa.Engine, person: Person, which: sa.ColumnElement[bool]) -> list[View]:
    v = saved_view.c
    names = (v.view_id, v.name, v.page, v.query, v.shared_with, v.is_start, v.owner, v.saved_by)
    rows = rows_of(without_copy(database), sa.select(*names).where(which))
    return [
        View(view_id, name, page, query, shared_with, is_start and owner == person.key, owner == person.key, saved_by)
        for view_id, name, page, query, shared_with, is_start, owner, saved_by in rows
    ]


def _checked(person: Person, name: str, shared_with: str | None) -> str:
    person.must_be_allowed_to_write(saved_view.name)
    must_be_shared_so(shared_with)
    return named(name)


def _own(person: Person, view_id: int) -> sa.ColumnElement[bool]:
    return sa.and_(saved_view.c.view_id == view_id, saved_view.c.owner == person.key)


def _must_be_found(done: sa.CursorResult, view_id: int) -> None:
    if not done.rowcount:
        raise NotFound(f"There is no view {view_id} of yours.")


def _taken(name: str) -> NotKept:
    return NotKept(f"You have a view called {name!r}. Choose another name, or delete that one.", "taken")


def _note(connection: sa.Connection, person: Person, action: Action, view_id: int, at: datetime) -> None:
    """Nobody's numbers change, so the data's version stays."""
    by = person.name or person.role
    note(connection, action, f"view {view_id}", by, at=at)
