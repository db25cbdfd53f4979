"""Alerts: who is told of which crossing, once, under what they may see."""

import random
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from streamlit.runtime.context import ContextProxy

from dashboard.answers.digests.watched import WATCHED
from dashboard.digests import alerts as telling
from dashboard.metrics.definitions import DEFINITIONS
from dashboard.server import sign_in
from dashboard.words.language import speaking
from data_access import schema
from data_access.attention import dismissals
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.people import alerts, known
from data_access.people.alerts import Crossing, Seen, Wish
from data_access.people.kept import NotKept
from data_access.scope import Person
from tests.digests.company import ADDRESS, PEOPLE
from tests.digests.servers import chatting
from tests.independent.product import run
from tests.pages import opened, said
from tests.rings import rings

LAST_DAY = date(2026, 8, 17)  # the last thing in the company's data happened then
BELOW = Wish("target_amount", "below", 100.0, "en")
OVERDUE = Wish("leak_overdue", None, None, "en")


def aim(database: sa.Engine, **targets: int | None) -> None:
    """The targets of this quarter are these, in whole units by rep; None: there is none."""
    table, first = schema.rep_target, date(2026, 7, 1).toordinal()
    regions = {"nora": "north", "sven": "south"}
    with database.begin() as connection:
        for rep, amount in targets.items():
            connection.execute(table.delete().where(table.c.rep_id == rep))
            if amount is not None:
                row = {"rep_id": rep, "region_id": regions[rep], "from_day": first, "to_day": first + 31}
                connection.execute(table.insert().values(row | {"amount": amount * 100}))


def crossings_of(values: list[int | None], threshold: float) -> list[int]:
    """The values with which a series came to lie below a threshold; what is not known is passed over."""
    known_ = [value for value in values if value is not None]
    return [now for before, now in zip(known_, known_[1:], strict=False) if now < threshold <= before]


def told_values(box, address: str) -> list[int]:
    subjects = [message["Subject"] for to, message in box.taken if to == address]
    return [int(re.search(r"(?:: |：)¥(\d+)$", subject)[1]) for subject in subjects]


def test_whatever_is_watched_has_a_definition():
    assert set(WATCHED) <= set(DEFINITIONS) and len(WATCHED) == len(set(WATCHED))


def test_of_a_walk_each_crossing_is_told_once_to_each_under_what_they_may_see(company, box):
    chance = random.Random(1)
    for email, person in PEOPLE.items():
        alerts.make(company, email, replace(BELOW, language="zh_CN" if email.startswith("dora") else "en"), by="me")
        assert alerts.own(company, person, email)[0].seen is None
    walk: dict[str, list[int | None]] = {"nora": [], "sven": []}
    for _step in range(9):
        moved = {rep: chance.choice([None, 40, 60, 99, 100, 101]) for rep in walk}
        aim(company, **moved)
        for rep, value in moved.items():
            walk[rep].append(value)
        box.unknown = chance.choice(["", "nils@example.com", "boss@example.com"])
        for told in telling.tell(company):
            assert told.became.was_sent or told.became.to.email == box.unknown
    box.unknown = ""
    assert all(told.became.was_sent for told in telling.tell(company))
    assert list(telling.tell(company)) == []
    whole = [None if n is s is None else (n or 0) + (s or 0) for n, s in zip(walk["nora"], walk["sven"], strict=True)]
    expected = crossings_of(whole, 100)
    assert expected and told_values(box, "boss@example.com") == told_values(box, "dora@example.com") == expected
    assert told_values(box, "nils@example.com") == crossings_of(walk["nora"], 100) != expected


def test_a_message_says_what_crossed_and_its_link_pins_the_day(company, box):
    nils = PEOPLE["nils@example.com"]
    aim(company, nora=120, sven=70_000)
    alerts.make_own(company, nils, "Nils@example.com", BELOW)
    assert list(telling.tell(company)) == []
    aim(company, nora=80)
    shown = run(company, "notify", "--dry-run")
    assert shown.exit_code == 0 and "--- nils@example.com" in shown.stdout and box.taken == []
    sent = run(company, "notify")
    assert (sent.exit_code, sent.stdout) == (0, "nils@example.com: target_amount: sent\n")
    assert run(company, "notify").stdout.startswith("Nothing crossed")
    [(address, message)] = box.taken
    text, html = (message.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert address == "nils@example.com" and message["Subject"] == "Target is below ¥100: ¥80"
    for row in ("Value | ¥80", "Threshold | below ¥100", "At the last look | ¥120, as of 17 Aug 2026",
                "As of | 17 Aug 2026", "Period | 1 Jul 2026 – 30 Sep 2026", "Region | Northland and below",
                f"What it counts | {DEFINITIONS['target_amount'].en}"):  # fmt: skip
        assert row in text
    link = urlsplit(re.search(rf"{ADDRESS}/overview\S*", text)[0])
    asked = {key: value for key, [value] in parse_qs(link.query).items()}
    assert (asked["as_of"], asked["from"], asked["to"]) == ("2026-08-17", "2026-07-01", "2026-09-30")
    assert not re.search("South|Sven|70[,.]?0", text + html)


@pytest.mark.long
def test_a_new_line_of_a_rule_is_told_of_ones_regions_alone(company, box):
    now, dora = datetime.now(), PEOPLE["dora@example.com"]
    until = now.date() + timedelta(days=9)
    for deal in ("n-stuck", "s-stuck"):
        dismissals.dismiss(company, dora, "overdue", "opportunity", deal, "known", until, at=now)
    with company.begin() as connection:  # as if put aside on the data's last day
        then = datetime.combine(LAST_DAY, datetime.min.time())
        connection.execute(schema.attention_dismissal.update().values(dismissed_at=then))
    for email in ("boss@example.com", "nils@example.com"):
        alerts.make(company, email, OVERDUE, by="me")
    assert list(telling.tell(company)) == []
    with company.begin() as connection:
        connection.execute(schema.attention_dismissal.delete())
    assert len([told for told in telling.tell(company) if told.became.was_sent]) == 2
    assert list(telling.tell(company)) == []
    texts = {to: message.get_body(("plain",)).get_content() for to, message in box.taken}
    subjects = {to: message["Subject"] for to, message in box.taken}
    assert subjects["nils@example.com"].endswith(": 1 new line")
    assert subjects["boss@example.com"].endswith(": 2 new lines")
    assert "Deal n-stuck" in texts["boss@example.com"] and "Deal s-stuck" in texts["boss@example.com"]
    assert "Deal n-stuck" in texts["nils@example.com"]
    assert not re.search("South|Sven|s-stuck|60[,.]?0", texts["nils@example.com"])


def test_under_another_permission_nothing_that_was_seen_is_told(company, box):
    aim(company, nora=50, sven=500)
    alerts.make(company, "boss@example.com", BELOW, by="me")
    alerts.make(company, "dora@example.com", BELOW, by="me")
    assert list(telling.tell(company)) == []
    aim(company, sven=10)
    box.unknown = "boss@example.com"
    assert {told.became.was_sent for told in telling.tell(company)} == {True, False}
    known.put(company, "boss@example.com", Person("manager", ("north",), name="Boss"), by="me")
    known.close(company, "dora@example.com", by="me")
    box.unknown = ""
    assert list(telling.tell(company)) == []
    aim(company, nora=500, sven=500)
    assert list(telling.tell(company)) == []
    aim(company, nora=50)
    assert [told.became.to.email for told in telling.tell(company)] == ["boss@example.com"]
    assert told_values(box, "boss@example.com") == [50]


def test_a_failure_stops_nobody_else_and_a_chat_is_told_too(company, box, monkeypatch):
    with chatting() as chat:
        monkeypatch.setenv("DASHBOARD_ROBOT_SALES", f"slack+{chat.address}/hook?key=hidden")
        chat.answer = 500, "hidden"
        aim(company, nora=500, sven=500)
        alerts.make(company, "boss@example.com", replace(BELOW, threshold=600.0), by="me")
        alerts.make(company, "boss@example.com", replace(BELOW, threshold=600.0, robot="sales"), by="me")
        with company.begin() as connection:  # a number that a former version knew
            row = {"email": "dora@example.com", "robot": "", "language": "en", "metric": "luck", "side": "below",
                   "threshold": 1.0, "looks": 0}  # fmt: skip
            connection.execute(schema.alert.insert().values(row))
        assert run(company, "notify").exit_code == 1
        aim(company, sven=0)
        refused = run(company, "notify")
        assert refused.exit_code == 1 and "2 of 3 alerts were not sent" in refused.stderr
        assert "There is no number 'luck' to watch" in refused.stderr
        assert "robot sales as boss@example.com: target_amount: not sent, the chat answered 500" in refused.stderr
        assert refused.stdout == "boss@example.com: target_amount: sent\n" and "hidden" not in refused.output
        aim(company, sven=500)  # it came back: what could not be told is told all the same
        chat.answer = 200, "ok"
        again = run(company, "notify")
        assert again.stdout == "robot sales as boss@example.com: target_amount: sent\n"
        assert "¥500" in str(chat.posted[-1]) and len(box.taken) == 1


def test_without_a_server_of_mail_a_crossing_waits(company):
    aim(company, nora=500, sven=500)
    alerts.make(company, "boss@example.com", BELOW, by="me")
    list(telling.tell(company))
    aim(company, nora=5, sven=5)
    refused = run(company, "notify")
    assert refused.exit_code == 1 and "DASHBOARD_SMTP_URL says by which server" in refused.stderr
    [alert] = alerts.everybody(company)
    assert [one.value for one in alerts.untold(company, alert.alert_id)] == [10.0]


def test_the_command_shows_makes_and_ends_alerts(company):
    assert run(company, "alert", "boss@example.com", "--number", "coverage", "--below", "3").exit_code == 0
    made = run(company, "alert", "nils@example.com", "--rule", "overdue", "--language", "zh", "--robot", "sales")
    assert made.stdout == (
        "boss@example.com: 1, coverage below 3, en\nnils@example.com: 2, leak_overdue, zh_CN, robot sales\n"
    )
    for wrong, reason in (
        (("nils@example.com", "--end", "1"), "'nils@example.com' has no alert 1"),
        (("nils@example.com", "--end", "9"), "'nils@example.com' has no alert 9"),
        (("eve@example.com", "--number", "coverage", "--below", "3"), "nobody 'eve@example.com'"),
        (("nils@example.com", "--number", "luck", "--below", "3"), "no number 'luck' to watch"),
        (("nils@example.com", "--number", "coverage"), "below or above a threshold"),
        (("nils@example.com", "--rule", "overdue", "--below", "3"), "below or above a threshold"),
        (("nils@example.com", "--number", "coverage", "--below", "nan"), "A threshold is a number up to"),
        (("nils@example.com",), "Say what to watch"),
        (("--end", "1"), "Whose alert?"),
        (("boss@example.com", "--number", "coverage", "--below", "3"), "there already"),
    ):
        refused = run(company, "alert", *wrong)
        assert refused.exit_code == 1 and reason in refused.stderr
    assert run(company, "alert", "boss@example.com", "--end", "1").stdout.startswith("nils@example.com: 2")


def test_one_watches_for_oneself_alone(company):
    nils, boss = PEOPLE["nils@example.com"], PEOPLE["boss@example.com"]
    theirs = alerts.make_own(company, boss, "boss@example.com", BELOW)
    for ask in (
        lambda: alerts.own(company, nils, "boss@example.com"),
        lambda: alerts.make_own(company, nils, "boss@example.com", OVERDUE),
        lambda: alerts.end_own(company, nils, "boss@example.com", theirs),
        lambda: alerts.own(company, Person("executive"), "eve@example.com"),
    ):
        with pytest.raises(NotAllowed, match="not on file by this address"):
            ask()
    for unknown in (theirs, theirs + 7):
        with pytest.raises(NotFound, match=f"'nils@example.com' has no alert {unknown}"):
            alerts.end_own(company, nils, "nils@example.com", unknown)
    alerts.end_own(company, boss, "boss@example.com", theirs)
    assert alerts.everybody(company) == []


def test_of_two_runs_at_once_one_writes_and_one_tells(database):
    known.put(database, "ann@example.com", Person("executive"), by="me")
    alerts.make(database, "ann@example.com", BELOW, by="me")
    with pytest.raises(NotKept, match="there already"):
        alerts.make(database, "ann@example.com", replace(BELOW, language="zh_CN"), by="me")
    with pytest.raises(Refused, match="not 'beside'"):
        alerts.make(database, "ann@example.com", replace(BELOW, side="beside"), by="me")
    [first] = alerts.everybody(database)
    assert alerts.looked(database, first, Seen(LAST_DAY, "everything", 120.0), None)
    assert not alerts.looked(database, first, Seen(LAST_DAY, "everything", 80.0), None)
    [then] = alerts.everybody(database)
    assert then.seen == Seen(LAST_DAY, "everything", 120.0)
    crossing = Crossing(then.alert_id, 2, LAST_DAY, 80.5, ("opportunity:d1",), LAST_DAY, 120.0)
    assert alerts.looked(database, then, Seen(LAST_DAY, "everything", 80.5), crossing)
    assert alerts.untold(database, then.alert_id) == [crossing]
    at = datetime(2026, 8, 18, 6)
    assert alerts.begin(database, crossing, at=at)
    assert not alerts.begin(database, crossing, at=at + timedelta(minutes=59))
    assert alerts.begin(database, crossing, at=at + timedelta(minutes=61))
    alerts.finish(database, crossing, at=None)
    assert alerts.begin(database, crossing, at=at)
    alerts.finish(database, crossing, at=at)
    assert alerts.untold(database, then.alert_id) == []
    assert not alerts.begin(database, crossing, at=at + timedelta(days=9))
    for n in range(alerts.MOST - 1):
        alerts.make(database, "ann@example.com", replace(BELOW, threshold=float(n)), by="me")
    with pytest.raises(NotKept, match="that is the most"):
        alerts.make(database, "ann@example.com", OVERDUE, by="me")


@pytest.mark.parametrize("language", rings(("zh", "en")))
def test_the_drawer_makes_shows_and_removes_ones_own_alerts(company, monkeypatch, language):
    headers = type("Headers", (), {"get_all": lambda _self, _name: ("nils@example.com",)})()
    monkeypatch.setenv(sign_in.MODE, "proxy")
    monkeypatch.setattr(ContextProxy, "headers", property(lambda _self: headers))
    alerts.make(company, "boss@example.com", OVERDUE, by="me")
    app = opened("definitions.py", language, open="digest")
    spoken = {"en": "en", "zh": "zh_CN"}[language]
    with speaking(spoken):  # in which its names are chosen by, outside of the page too
        app.selectbox(key="alert_metric_0").select_index(WATCHED.index("attainment")).run()
        app.button(key="alert_add").click().run()
        assert {"en": "The threshold is missing", "zh": "缺少阈值"}[language] in said(app)
        app.number_input(key="alert_threshold_attainment_0").set_value(62.5).run()
        app.button(key="alert_add").click().run()
        app.run()  # the drawer alone is drawn anew in a browser, which is not known here
        [made] = alerts.own(company, PEOPLE["nils@example.com"], "nils@example.com")
        assert made.wish == Wish("attainment", "below", 0.625, spoken)
        assert {"en": "Attainment below 62.5%", "zh": "低于 62.5%"}[language] in said(app)
        app.button(key=f"alert_end_{made.alert_id}").click().run()
        app.run()
        assert [one.email for one in alerts.everybody(company)] == ["boss@example.com"] and "62.5" not in said(app)
