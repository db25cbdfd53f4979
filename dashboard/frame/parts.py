"""Page furniture: head, cards, a figure with its table twin, the deals behind a mark, empty states."""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Concatenate, Literal, ParamSpec, TypeAlias, cast

import pandas as pd
import plotly.graph_objects as go
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import database
from dashboard.figures import marks, style
from dashboard.frame import behind, cards, columns as of_tables, drawer, filters, held, scripts, taking, wording
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.reports import exports
from dashboard.server import sign_in
from dashboard.words import language, literal
from dashboard.words.formats import Formats, is_missing
from dashboard.words.language import _, one_of
from dashboard.words.literal import DIRECTIONAL
from data_access.scope import Scope
from data_access.spreadsheet import BEGINNINGS, is_formula

# Named here too, so that a page needs one import.
Card: TypeAlias = cards.Card
Reading: TypeAlias = cards.Reading
Explained: TypeAlias = cards.Explained
Opened: TypeAlias = cards.Opened
Column: TypeAlias = of_tables.Column
track_name, region_name = wording.track_name, wording.region_name

_MOST_ROWS = 2_000  # a browser table with more is slower to open than to download
MOST_COLUMNS = 7  # of a table in sight; the others are shown by the menu at its edge
_MOST_NAMES = 100  # of a table that are opened by name: what is written to the browser twice
_PERCENT = 100  # a bar writes its own number, and knows no other way to one decimal (Streamlit 1.67)
_FAINT = 0.35  # the ground of a badge, under dark words
_ROW_PIXELS = 35  # of a table, its header included
_DRAWER_TABLE = 600  # pixels: what a window of 900 leaves to it
FACTS = "facts"  # of the session's state: the stamp of those that its page shows
PAGE = "page_title"  # likewise: what that page is called
_TITLE = "head_title"  # likewise: the page whose head was drawn last, and what stood there: a record's name on some
_ABOUT = "head_about"  # likewise: what it looks at, in words
_CONFIG = {"displayModeBar": "hover", "displaylogo": False, "scrollZoom": False, "typesetMath": False}
_PICTURE_SCALE = 2  # pixels of a figure's picture for one on the screen: sharp on a slide
_IN_FRAGMENT = ContextVar("_IN_FRAGMENT", default=False)
_Given = ParamSpec("_Given")


def fragment(draw: Callable[_Given, None]) -> Callable[_Given, None]:
    """A part of a page that is drawn anew alone; within another such part, it is one with it.

    `st.fragment` may be nested, but when the outer one begins anew, what it has not yet sent is dropped and what the
    inner one has not yet sent is kept: the browser then gets contents without the containers they belong in, and stays
    as it is for good (Streamlit 1.67, a slider moved quickly on a busy machine).
    """

    @functools.wraps(draw)
    def held_anew(room: held.Room, /, *args: _Given.args, **named: _Given.kwargs) -> None:
        with held.filling(room):
            draw(*args, **named)

    alone: Callable[Concatenate[held.Room, _Given], None] = st.fragment(drawn_alone(held_anew))

    @functools.wraps(draw)
    def drawn(*args: _Given.args, **named: _Given.kwargs) -> None:
        if _IN_FRAGMENT.get():
            draw(*args, **named)
        else:
            alone(held.room(), *args, **named)

    return drawn


def drawn_alone(draw: Callable[_Given, None]) -> Callable[_Given, None]:
    """`draw`, for what Streamlit draws anew by itself, a fragment or the drawer; the whole page where that is due."""

    @functools.wraps(draw)
    def alone(*args: _Given.args, **named: _Given.kwargs) -> None:
        mark = _IN_FRAGMENT.set(True)
        try:
            with database.one_version(), language.speaking(language.current()):
                scope = st.session_state.get("scope")
                if scope is not None and not sign_in.is_still(scope.person):
                    st.rerun()  # who sees it is another by now
                if drawer.is_behind() or st.session_state.get(FACTS) not in (None, database.state().facts):
                    st.rerun()  # what was just opened or closed is the whole page's; or that is of facts before these
                draw(*args, **named)
        finally:
            _IN_FRAGMENT.reset(mark)

    return alone


@dataclass(frozen=True)
class _Head:
    """The head of a page as far as it stands. page: its path in the address."""

    page: str
    box: DeltaGenerator
    title: DeltaGenerator


_HEAD: ContextVar[_Head | None] = ContextVar("_HEAD", default=None)  # none: only a part is drawn anew


class PageEnds(Exception):
    """Raised by a page that has said all it can. Not `st.stop`, which ends the whole run and cannot be caught: what is
    open over the page would be gone with it."""


def theme() -> str:
    """The theme the browser shows the app in: "light" or "dark"."""
    return "dark" if st.context.theme.type == "dark" else "light"


def tokens() -> style.Tokens:
    """The colours of that theme: what every figure draws with."""
    return style.THEMES[theme()]


def formats() -> Formats:
    """How this session's reader sees numbers."""
    return Formats(language.current(), database.state().base_currency)


def look() -> dict[str, Any]:
    """How this session's reader sees a figure: its numbers and its colours, as every figure takes them."""
    return {"formats": formats(), "tokens": tokens()}


def note_version(shown: database.Version) -> None:
    """Which version of the facts a page shows, and whether a newer one is being prepared."""
    form = formats()

    def said(moment: datetime) -> str:
        there = shown.state.there(moment)
        return f"{form.date(there.date())} {there:%H:%M}"

    if shown.state.loaded is not None:
        note(_("Data as loaded on {moment}").format(moment=said(shown.state.loaded)))
    if not shown.is_newest and shown.newest.loaded is not None:
        note(
            _(
                "Newer data were loaded on {moment} and are being prepared. Until then you read the former; what you "
                "enter counts at once."
            ).format(moment=said(shown.newest.loaded))
        )


def page_begins(page: str, title: str) -> None:
    """The head of a page before anything is asked: its title, or the one it had before; `page_head` completes it."""
    former, was = st.session_state.get(_TITLE) or (None, "")
    begun = _empty_head(page)
    with begun.title:
        headline(was if former == page else title)
    _HEAD.set(begun)
    keep(drawer.EXPLAIN, None)  # until the card that is to be explained is drawn


def _empty_head(page: str = "") -> "_Head":
    box = st.container(gap="xxsmall", key="page_head")
    return _Head(page, box, box.empty())


def page_head(
    title: str, question: str, answer: str, scope: Scope, about: str | None = None, more: str | None = None
) -> None:
    """Title, question, the one sentence that answers it, and in words what is being looked at.

    about   what that is, on a page that not all filters concern
    more    what the answer rests on, in an ordinary line below it
    """
    form, begun = formats(), _HEAD.get() or _empty_head()
    st.session_state[_TITLE] = begun.page, title
    with begun.title:
        headline(title)
    with begun.box:
        st.markdown(f":gray[{literal.markdown(question)}]")
        if scope.as_of < scope.last_day:
            notice(
                _("You are looking at the past: as of {day}. The data go on to {last}.").format(
                    day=form.date(scope.as_of), last=form.date(scope.last_day)
                )
            )
        _bold(answer)
        if more:
            st.markdown(literal.markdown(more))
        st.session_state[_ABOUT] = about or wording.in_words(scope, form)
        st.caption(literal.markdown(st.session_state[_ABOUT]))
    held.hold(held.Head(title, question, answer, more or "", st.session_state[_ABOUT]))


def looks(rules: str) -> None:
    """A style sheet of its own, for as long as this stands on the page."""
    st.html(cards.sheet(rules))


def run(script: str, told: str = "") -> None:
    """Runs one of `scripts.SCRIPTS` once this stands on the page; `told` it finds beside itself."""
    st.html(scripts.of(script) + scripts.answers_to(told), unsafe_allow_javascript=True)


def answers_to(text: str) -> None:
    """For a script, unseen: what text was in its field when the page was drawn."""
    st.html(scripts.answers_to(text))


def kpi_row(
    row: Sequence[Card],
    key: str,
    asked: Callable[[str], object] | None = None,
    mark: str = "",
    own: Scope | None = None,
) -> None:
    """The cards of a page, side by side. Their buttons open what is behind them, see `opened`; the sign at the name,
    what the number is.

    asked   asks again for what the number of a card is made of, by the card's key
    mark    what tells these from the same cards elsewhere on the page
    own     what they look at, where that is another scope than the page's
    """
    held.hold(held.Cards(row))
    about = st.session_state.get(_ABOUT, "") if own is None else wording.in_words(own, formats())
    name = drawer.at(key)
    open_cards = [card for card in row if card.key == name and card.what]
    if open_cards:
        card = open_cards[0]
        keep(key, Opened(card.what or "", card.label, card.count, card.amount))
    is_alone = len(row) == 1  # as high as what stands beside it
    with (
        st.container(key=key, height="stretch" if is_alone else "content"),
        st.container(height="stretch") if is_alone else st.grid(len(row), min_column_width=150),
    ):
        for card in row:
            with st.container(border=True, height="stretch", gap="xxsmall", key=f"{key}_{card.key}"):
                _named(card, key, mark)
                st.html(cards.body(card, tokens()))
                if card.what:
                    st.button(
                        literal.markdown(card.action),
                        key=f"{key}_{card.key}_open",
                        type="tertiary",
                        on_click=drawer.open_,
                        args=(key, card.key),
                    )
            if drawer.at(drawer.EXPLAIN) == card.key + mark:
                keep(drawer.EXPLAIN, Explained(card, key, about, asked, own))


def _named(card: Card, key: str, mark: str) -> None:
    """The name of a card, beside it the sign that says what it counts, and opens what else there is to say."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xxsmall", key=f"{key}_{card.key}_named"):
        st.markdown(literal.markdown(card.label), width="stretch")
        st.button(
            literal.markdown(_("Explain: {number}").format(number=card.label)),
            icon=":material/help:",
            help=literal.markdown(card.help),
            key=f"{key}_{card.key}_explain",
            type="tertiary",
            on_click=drawer.open_,
            args=(drawer.EXPLAIN, card.key + mark),
        )


def explain(mark: Opened, scope: Scope, key: str) -> None:
    """The mark of a figure under this key is what is to be explained: a number of its own, told as a card's."""
    definition, form = DEFINITIONS[mark.number], formats()
    exact = mark.amount if definition.unit == "money" else mark.count
    value = form.by_unit(exact, definition.unit)
    card = Card(
        mark.number,
        mark.title,
        language.meaning(mark.number),
        (Reading(value, exact=exact),),
        what=mark.what,
        action=_("Show the rows"),
        unit=definition.unit,
    )

    def asked(_key: str) -> pd.DataFrame:
        return behind.rows(scope, mark)

    keep(drawer.EXPLAIN, Explained(card, key, wording.in_words(scope, form), asked, scope, mark))


def face(card: Card) -> None:
    """What a card shows below its name, but for the line of its months."""
    st.html(cards.body(cards.without_trend(card), tokens()))


def keep(key: str, mark: object) -> None:
    """What the mark that is open under this key stands for, as this run counts it."""
    st.session_state[f"opened_{key}"] = mark


def opened(key: str):
    """What is open under this key, or None."""
    return st.session_state.get(f"opened_{key}") if drawer.at(key) is not None else None


def name_of_mark(data: Sequence) -> str:
    """What a mark of a figure is called in the address: its customdata, as a browser sends it."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))


def figure(
    drawn: go.Figure,
    *,
    key: str,
    title: str,
    alt: str,
    about: str = "",
    twin: pd.DataFrame | None = None,
    columns: Mapping[str, Column] | None = None,
    total: Mapping | pd.Series | None = None,
    source: str | None = None,
    clickable: bool = False,
    opens: str | None = None,
) -> list[dict]:
    """A figure under its title, its numbers one click away (`twin`), a sentence for screen readers.

    Gives the points clicked (`point["customdata"]`), none unless `clickable`.

    about   what is measured, in which unit, and of how many: below the title
    total   of the twin: see `table`
    opens   the key under which the drawer opens the mark clicked
    """
    chart = f"{key}_chart_{drawer.turn(opens or key)}"
    numbers = None if twin is None or columns is None else held.Table(twin, columns, total)
    held.hold(held.Figure(chart, title, about, alt, numbers))

    def follow() -> None:
        points = st.session_state[chart]["selection"]["points"]
        if opens is not None and points and points[0].get("customdata"):
            drawer.open_(opens, name_of_mark(points[0]["customdata"]))

    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"):
        _bold(title, width="content", about=about)
        if twin is not None and columns is not None:
            _twin(twin, columns, total, key)
    with st.container(key=key):
        event = st.plotly_chart(
            marks.drawn(drawn, theme(), filters.LARGER if st.session_state.get(filters.PRESENT) else 1),
            theme=None,
            key=chart,
            alt=literal.plain(alt),
            on_select=follow if opens else "rerun" if clickable else "ignore",
            selection_mode="points",
            config=_CONFIG | _as_picture(key),
        )
    if source:
        note(source)
    return list(cast(dict, event)["selection"]["points"]) if clickable else []


def _as_picture(name: str) -> dict[str, Any]:
    """Of Plotly's own buttons the one that saves a figure as PNG: there under the pointer, or at a touch."""
    words = {  # in which Plotly has it → ours
        "Download plot as a PNG": _("Picture of this figure (PNG)"),
        "Preparing image - this may take a few seconds": _("The picture is being made."),
        "Image download succeeded": _("The picture is saved:"),  # before the name of its file
        "Sorry, there was a problem downloading your image!": _("The picture could not be made."),
    }
    return {
        "modeBarButtons": [["toImage"]],
        "toImageButtonOptions": {"format": "png", "filename": name, "scale": _PICTURE_SCALE},
        "locales": {"en-US": {"dictionary": words}},  # its own, whose words these replace
    }


@fragment
def _twin(frame: pd.DataFrame, columns: Mapping[str, Column], total: Mapping | pd.Series | None, key: str) -> None:
    """The numbers of a figure, written out once somebody asks for them: of ten on a page, nobody opens nine."""
    popover = st.popover(_("Table"), key=f"{key}_twin", on_change="rerun")
    if popover.open:
        with popover, held.filling([]):  # the figure itself has told of its numbers
            table(frame, columns, key=f"{key}_table", width="content", total=total)


def table(
    frame: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    key: str,
    height: int | Literal["auto", "content"] = "auto",
    width: int | Literal["stretch", "content"] = "stretch",
    clickable: bool = False,
    opens: Callable[[int], None] | None = None,
    most: int = MOST_COLUMNS,
    total: Mapping | pd.Series | None = None,
    order: str = "",
) -> int | None:
    """A frame as a table: the columns named, in that order. Gives the position of the row clicked. More columns than
    `most` are there, and not in sight.

    total    all rows as one, by the columns' names: said in a line above, where no click on a head can sort it away;
             of a column that does not add up, the ratio of the whole, or nothing
    order    in which the rows stand, in words
    height   pixels at the most: a shorter frame takes what it needs
    opens    called with the position of the row whose first cell is clicked, or chosen by its name; it stays in sight
    """
    held.hold(held.Table(frame, columns, total, most))
    if isinstance(height, int) and 0 < len(frame) < height // _ROW_PIXELS:
        height = "content"
    form = formats()
    first = next(iter(columns))
    if columns[first].unit == "text" and columns[first].width is None:
        columns = {**columns, first: replace(columns[first], width=_width_of(frame[first]))}
    config = {name: _column_config(column, form) for name, column in columns.items()}
    if len(frame) > 1:  # of one row neither is news
        _above(columns, total, order, form)
    if opens is not None:
        clicked = f"{key}_clicked"
        config[first] = st.column_config.ButtonColumn(
            columns[first].label,
            width=columns[first].width,
            type="tertiary",
            alignment="left",
            pinned=True,
            on_click=lambda: opens(st.session_state[clicked]["row"]),
            key=clicked,
        )
    event = st.dataframe(
        _in_formats(frame, columns, form),
        key=key,
        height=height,
        width=width,
        hide_index=True,
        column_config=config,
        column_order=list(columns)[:most],
        on_select="rerun" if clickable else "ignore",
        selection_mode="single-cell",  # a click anywhere on a row; rows themselves are chosen by a tick box alone
        placeholder="–",
    )
    if opens is not None and len(frame):
        _by_name(frame[next(iter(columns))].head(_MOST_NAMES), opens, key)
    cells = cast(dict, event)["selection"]["cells"] if clickable else []
    return cells[0][0] if cells else None


def _above(columns: Mapping[str, Column], total: Mapping | pd.Series | None, order: str, form: Formats) -> None:
    """What all rows come to, and in which order they stand: one line over a table."""
    told = [
        f"{column.label} {_written(column, total, name, form)}"
        for name, column in list(columns.items())[1:]
        if total is not None and not is_missing(total.get(name))
    ]
    together = _("Together: {told}.").format(told=" · ".join(told)) if told else ""
    if together or order:
        st.caption(
            f"**{literal.markdown(together)}** {literal.markdown(order)}" if together else literal.markdown(order)
        )


def _written(column: Column, total: Mapping | pd.Series, name: str, form: Formats) -> str:
    if column.unit in ("text", "written"):
        return str(total[name])
    n = total.get(column.n) if column.n else None
    if column.unit in ("share", "bar"):  # as below it
        return form.share_in_table(total[name], n)
    return form.by_unit(total[name], column.unit, n)


def _by_name(names: pd.Series, opens: Callable[[int], None], key: str) -> None:
    """The rows of a table by their names, for who has no mouse: a cell that is a button takes no key (Streamlit 1.67).
    Seen once the focus is on it: see `cards.css`."""
    chosen, written = f"{key}_name", [str(name) for name in names]

    def follow() -> None:
        row = st.session_state[chosen]
        st.session_state[chosen] = None
        if row is not None:
            opens(row)

    with st.container(key=f"{key}_by_name"):
        st.selectbox(
            _("Open a row of the table above"),
            range(len(written)),
            index=None,
            format_func=literal.choices(written.__getitem__),
            key=chosen,
            placeholder=_("Open a row of the table above"),
            label_visibility="collapsed",
            on_change=follow,
        )


def deals_panel(
    scope: Scope,
    what: str,
    *,
    title: str,
    key: str,
    count: float | None = None,
    amount: float | None = None,
    **narrower,
) -> None:
    """In the drawer, the deals behind a mark, their number and sum, and whether these equal the mark's."""
    deals, form = behind.deals(scope, what, **narrower), formats()
    total = deals["amount"].sum(min_count=1)
    rows_panel(
        deals,
        deal_columns(),
        key=key,
        what="deals",
        title=_("Deals behind: {mark}").format(mark=title),
        told=_sum_of(deals, total, form),
        adds_up=not (differs(len(deals), count) or differs(total, amount)),
        none=_("No deals here."),
        opens=to_deal(deals),
    )


def to_deal(rows: pd.DataFrame) -> Callable[[int], None]:
    """For a table of these rows, whose first column names deals: a name opens the deal's record."""
    return _to(drawer.DEAL, rows["opportunity_id"])


def to_account(rows: pd.DataFrame) -> Callable[[int], None]:
    """The same of accounts, by account_id."""
    return _to(drawer.ACCOUNT, rows["account_id"])


def to_rep(rows: pd.DataFrame) -> Callable[[int], None]:
    """The same of reps, by rep_id."""
    return _to(drawer.REP, rows["rep_id"])


def _to(record: str, marks: pd.Series) -> Callable[[int], None]:
    keys = list(marks)
    return lambda row: drawer.into(record, keys[row])


def to_record(record: str, key: str, name: str) -> None:
    """A button with the name of a deal, an account or a rep, which opens its record."""
    st.button(
        literal.markdown(name), key=f"{record}_{key}_open", type="tertiary", on_click=drawer.into, args=(record, key)
    )


def rows_panel(
    rows: pd.DataFrame,
    columns: Mapping[str, Column],
    *,
    key: str,
    what: str,
    title: str,
    told: str,
    adds_up: bool,
    none: str,
    opens: Callable[[int], None] | None = None,
) -> None:
    """In the drawer, the rows behind a mark: how many and how much, whether that is the mark's, and a file of all.

    what   rows they are: the name of the panel
    told   what they come to, in words
    none   what is said where there are none
    opens  called with the position of a row that is clicked
    """

    def draw() -> None:
        drawer.way_back()
        say(told)
        _to_explain(key)
        if not adds_up:
            notice(_("These rows do not add up to the mark. Please report this."))
        if rows.empty:
            nothing(none)
            return
        table(rows.head(_MOST_ROWS), columns, key=f"{key}_rows", height=_DRAWER_TABLE, opens=opens)
        if len(rows) > _MOST_ROWS:
            note(_("The first {n} are shown; the file has all.").format(n=formats().count(_MOST_ROWS)))

    offer(title, draw, key=f"{key}_{what}", file=rows)


def _to_explain(key: str) -> None:
    """The way from the rows behind a mark to what its number counts, where that is declared."""
    mark, name = opened(key), drawer.at(key)
    if isinstance(mark, Opened) and mark.number and name:
        st.button(
            literal.markdown(_("Explain: {number}").format(number=mark.title)),
            icon=":material/help:",
            key=f"{key}_mark_explain",
            type="tertiary",
            on_click=drawer.into,
            args=(drawer.EXPLAIN, drawer.to_explain(key, name)),
        )


def offer(title: str, draw: Callable[[], object], *, key: str, file: pd.DataFrame | None = None) -> None:
    """Something for the drawer, below it the link that opens it again and a workbook of the rows.

    key   of the box around it
    """

    @drawn_alone
    def within() -> None:
        with st.container(key=key):
            draw()
            with st.container(horizontal=True):
                if file is not None and not file.empty:
                    download(file, key=key)
                drawer.link()

    drawer.offer(title, within)


def download(rows: pd.DataFrame | Callable[[], pd.DataFrame], *, key: str) -> None:
    """A button that gives all rows of a frame as a workbook, made when it is asked for; so is the frame where `rows`
    makes it, in the language of now."""
    spoken = language.current()

    def made() -> bytes:
        with language.speaking(spoken):
            return exports.workbook(rows() if callable(rows) else rows, "rows")

    taking.button(_("Download for Excel"), made, f"{key}.xlsx", key=f"{key}_file")


def panel_of(scope: Scope, key: str) -> None:
    """The deals behind whatever is open under this key, if anything."""
    mark = opened(key)
    if mark is not None:
        deals_panel(scope, mark.what, title=mark.title, key=key, count=mark.count, amount=mark.amount, **mark.narrower)


def deal_columns() -> dict[str, Column]:
    """The columns of a list of deals."""
    return {
        **Column.each("deal", "amount", "account", "owner", "stage", "expected_close_on", "closed_on"),
        **Column.each("region"),
        "pipeline": Column(_("Sales pipeline")),
        **Column.each("created_on", "age_days", "pushes", "next_step_on"),
        "opportunity_id": Column(_("Key")),
    }


def notice(text: str) -> None:
    """Something the person should know and can go on after."""
    held.hold(held.Text("notice", text))
    st.warning(literal.markdown(text))


def done(text: str) -> None:
    """What was asked for has happened."""
    st.success(literal.markdown(text))


def nothing(text: str) -> None:
    """A spot inside a page with nothing to draw: what is missing, and what would fill it."""
    held.hold(held.Text("note", text))
    with st.container(border=True):
        st.markdown(f":gray[{literal.markdown(text)}]")


def headline(text: str) -> None:
    """What a page is called."""
    st.title(literal.markdown(text), anchor=False)


def header(text: str) -> None:
    """What stands above a section of a page."""
    held.hold(held.Text("header", text))
    st.header(literal.markdown(text), anchor=False)


def heading(text: str, width: Literal["stretch", "content"] = "stretch", about: str = "") -> None:
    """What stands above a part of a section; below it, small, what that is about."""
    held.hold(held.Text("heading", text, about))
    _bold(text, width, about)


def _bold(text: str, width: Literal["stretch", "content"] = "stretch", about: str = "") -> None:
    st.markdown(
        f"**{literal.markdown(text)}**  \n:small[:gray[{literal.markdown(about)}]]"
        if about
        else f"**{literal.markdown(text)}**",
        width=width,
    )


def say(text: str) -> None:
    """A sentence or two of a section."""
    held.hold(held.Text("sentence", text))
    st.markdown(literal.markdown(text))


def note(text: str) -> None:
    """Where numbers come from, small and grey."""
    held.hold(held.Text("note", text))
    st.caption(literal.markdown(text))


def problem(text: str) -> None:
    """Something that went wrong, in words."""
    st.error(literal.markdown(text))


def refusal(text: str) -> None:
    """A request that cannot be met, in words."""
    st.error(_("This cannot be shown.") + "  \n" + literal.markdown(text))


def _sum_of(deals: pd.DataFrame, total: float, form: Formats) -> str:
    without = int(deals["amount"].isna().sum())
    text = one_of("{n} deal, together {amount}", "{n} deals, together {amount}", len(deals)).format(
        n=form.count(len(deals)), amount=form.money_exact(total)
    )
    if without:
        text += " " + _("({n} without an amount)").format(n=form.count(without))
    return text


def differs(found: float, expected: float | None) -> bool:
    """Whether the rows miss the mark, by half a cent or more; a sum of nothing is 0."""
    if expected is None or pd.isna(expected):
        return False
    return abs((0 if pd.isna(found) else found) - expected) > 0.005


def _width_of(texts: pd.Series) -> int:
    """Pixels for a first column: for the longest of its first texts. Pinned, it takes none of the room that is left."""
    longest = max((sum(14 if sign > "\u2e7f" else 7 for sign in str(text)) for text in texts.head(50)), default=0)
    return min(max(longest + 36, 80), 190)


def _needs_writing_anew(texts: pd.Series) -> bool:
    """Whether any of these cells may need `_cell`: looked at all at once, since hardly ever one does."""
    cells = [str(text) for text in texts.tolist()]
    together = "".join(cells)
    return not BEGINNINGS.isdisjoint({cell[:1] for cell in cells}) or any(sign in together for sign in DIRECTIONAL)


def _cell(value):
    """A text in a table. Its file for spreadsheets and its clipboard are the browser's own, so that what would be a
    formula there begins here with a sign that nobody sees."""
    if not isinstance(value, str):
        return value
    return literal.JOINER + literal.plain(value) if is_formula(value) else literal.plain(value)


def _column_config(column: Column, form: Formats):
    header = f"{column.label} ({form.money_unit})" if column.unit == "money" else column.label
    explained = column.help and literal.markdown(column.help)
    if column.badges:
        colours = [style.faint(getattr(tokens(), colour), _FAINT) for colour in column.badges.values()]
        return st.column_config.MultiselectColumn(
            header, width=column.width, options=list(column.badges), color=colours, help=explained
        )
    if column.unit == "text":
        return st.column_config.TextColumn(header, width=column.width)
    if column.unit == "written":
        return st.column_config.TextColumn(header, alignment="right")
    if column.unit == "trend":
        return st.column_config.LineChartColumn(header, y_min=0, help=explained)
    if column.unit in ("date", "month"):
        form_of_day = "YYYY-MM-DD" if column.unit == "date" else "YYYY-MM"
        return st.column_config.DateColumn(header, format=form_of_day)
    if column.unit == "days" and _("days") not in column.label.lower():
        header = _("{label} (days)").format(label=column.label)
    if column.unit == "bar":
        return st.column_config.ProgressColumn(
            header, min_value=0, max_value=_PERCENT, format="%.1f%%", color=tokens().open, help=explained
        )
    return st.column_config.NumberColumn(header, alignment="right", help=explained)


def _in_formats(frame: pd.DataFrame, columns: Mapping[str, Column], form: Formats):
    """The columns shown, numbers still numbers (so that they sort) but written as people read them."""
    shown = frame[list(columns)].reset_index(drop=True)
    texts = [name for name, column in columns.items() if column.unit == "text" and not column.badges]
    anew = {name: shown[name].map(_cell) for name in texts if _needs_writing_anew(shown[name])}
    anew |= {
        name: pd.to_numeric(shown[name]).astype("float64") * _PERCENT
        for name, column in columns.items()
        if column.unit == "bar"
    }
    anew |= {
        name: [[] if is_missing(text) or not text else [text] for text in shown[name]]
        for name, column in columns.items()
        if column.badges
    }
    shown = shown.assign(**anew) if anew else shown
    written = {
        "money": lambda value, n=None: form.short(value),
        "share": form.share_in_table,
        "days": lambda value, n=None: form.number(value),
        "count": lambda value, n=None: form.count(value),
        "ratio": lambda value, n=None: form.ratio(value),
        "number": lambda value, n=None: form.number(value),
    }
    cells = []
    for position, (name, column) in enumerate(columns.items()):
        if column.unit in written:
            write = written[column.unit]
            cases = frame[column.n] if column.unit == "share" and column.n else [None] * len(shown)
            texts = [write(value, n=n) for value, n in zip(shown[name], cases, strict=True)]
            cells.append(
                [{"id": f"row{row}_col{position}", "display_value": text} for row, text in enumerate(texts)],
            )
    # What Streamlit asks a styler for. Pandas would say it of every cell and of its looks, which takes seven times as
    # long as all the rest of a table; a test holds the two beside each other.
    styler = shown.style
    styler._compute = lambda: styler
    styler._translate = lambda *_of_looks: {"body": cells}
    return styler
