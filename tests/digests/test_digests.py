"""Digests: what they tell to whom, by mail and into chats, each once."""

import base64
import hashlib
import hmac
import json
import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.digests import forms, robots, sending
from dashboard.digests.letter import Letter, Part, Row
from dashboard.digests.mail import NotSent
from dashboard.frame.filters import before
from dashboard.words.formats import Formats
from data_access.engine import engine
from data_access.errors import NotAllowed, NotFound, Refused
from data_access.people import digests, known
from data_access.scope import Person
from tests.digests.company import ADDRESS, PEOPLE, WEEK, amount, won
from tests.digests.servers import PASSWORD, USER, certificate, chatting, mailing
from tests.independent.product import run
from tests.pages import opened, said
from tests.rings import rings

AS_OF = date.fromisoformat(WEEK[1])
WEEKLY = ("digest", "--cadence", "weekly", "--as-of", WEEK[1])
FORM = Formats("en", "CNY")


@pytest.fixture(scope="module")
def letters(company_url) -> dict[str, Letter]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(sending.ADDRESS, ADDRESS)
        run_ = sending.begin(database := engine(company_url), "weekly", AS_OF)
        return {one.email: run_.letter(one) for one in sending.recipients(database, "weekly", ())}


def rows(letter: Letter, title: str) -> dict[str, tuple[str, ...]]:
    """The rows of a part, by their first cell."""
    [part] = [part for part in letter.parts if part.title == title]
    return {row.cells[0]: row.cells[1:] for row in part.rows}


def test_a_digest_tells_each_person_what_plain_sums_over_their_deals_give(letters, subtests):
    english = {email: letter for email, letter in letters.items() if letter.language == "en"}
    for email, letter in english.items():
        with subtests.test(email=email):
            person = PEOPLE[email]
            numbers = rows(letter, "10 Aug 2026 – 16 Aug 2026")
            of_week, of_last = won(person, *WEEK), won(person, "2026-08-03", "2026-08-09")
            assert numbers["Won"][:2] == (FORM.money_exact(amount(of_week)), FORM.money_exact(amount(of_last)))
            assert numbers["Won deals"][:2] == (str(len(of_week)), str(len(of_last)))
            assert numbers["Net won"][0] == FORM.money_exact(round(amount(of_week) - 90.10, 2))
            assert numbers["Won: upsell"][0] == FORM.money_exact(200.50)
            assert set(rows(letter, "Deals won")) == {f"Deal {deal[0]}" for deal in of_week}
            month = won(person, "2026-08-01", WEEK[1])
            of_reps = rows(letter, "Aug 2026 to date, by rep")
            assert of_reps["Nora <b>"][-2:] == (
                FORM.money_exact(amount([deal for deal in month if deal[2] == "nora"])),
                FORM.money_exact(round(amount([deal for deal in month if deal[2] == "nora"]) - 90.10, 2)),
            )
            done = 3 if person.regions else 8
            assert rows(letter, "Activities") == {
                "Activities added": (str(done), "0", "–"),
                "Completed activities": (str(done), "0", "–"),
            }


def test_no_form_for_a_manager_holds_a_row_of_another_region(letters):
    foreign = re.compile(r"South|Sven|\bs-(?:cross|after|lost|stuck)|40[,.]?000|60[,.]?000")
    shown = letters["nils@example.com"]
    told = [forms.text(shown), forms.html(shown)]
    to = robots.Robot("x", "wecom", "https://x", "", 50_000)
    told += [json.dumps(kind.message(to, shown, 0), ensure_ascii=False) for kind in robots.KINDS.values()]
    assert [foreign.findall(one) for one in told] == [[]] * len(told)
    everything = forms.text(letters["boss@example.com"])
    assert {"Southland" in everything or "Sven" in everything, "Deal s-cross" in everything} == {True}


@pytest.mark.parametrize("email", rings(("nils@example.com", "dora@example.com", "boss@example.com")))
def test_a_digest_says_what_its_page_says_and_its_link_opens_that_page(letters, company, email):
    letter, language = letters[email], "zh" if letters[email].language == "zh_CN" else "en"
    asked = {key: value for key, [value] in parse_qs(urlsplit(letter.link).query).items()}
    assert (asked["as_of"], asked["from"], asked["to"]) == (WEEK[1], *WEEK)
    app = opened("overview.py", language, tab="numbers", **asked)
    table = next(table.value for table in app.dataframe if "now" in table.value)
    on_page = dict(zip(table["name"], zip(table["now"], table["before"], strict=True), strict=True))
    form = replace(FORM, language=letter.language)
    scope = app.session_state["scope"]
    assert (scope.person.role, scope.as_of, scope.period.start) == (
        PEOPLE[email].role,
        AS_OF,
        date.fromisoformat(WEEK[0]),
    )
    told = next(part for part in letter.parts if part.title.startswith(form.date(scope.period.start)))
    both = [row.cells for row in told.rows if row.cells[0] in on_page]
    assert len(both) >= 3
    for name, now, earlier, _change in both:
        assert tuple(form.money(exact(one)) for one in (now, earlier)) == on_page[name]
    assert form.money_exact(amount(won(PEOPLE[email], *WEEK))) in told.rows[0].cells
    assert before(scope).as_of == AS_OF - timedelta(days=7)


@pytest.mark.long
def test_what_is_to_do_and_was_won_leads_to_the_deals_and_accounts_of_ones_regions_alone(demo, monkeypatch):
    monkeypatch.setenv(sending.ADDRESS, ADDRESS)
    weekly = sending.begin(demo, "weekly", date(2026, 11, 21))
    south = sending.Recipient("x@example.com", "", "zh_CN", Person("manager", ("south",)))
    letter = weekly.letter(south)
    opened_there = {
        parse_qs(urlsplit(row.link).query)["open"][0] for part in letter.parts for row in part.rows if row.link
    }
    day = weekly.as_of.toordinal()
    theirs = {
        f"{kind}:{key}"
        for kind, asked in (
            ("deal", f"select opportunity_id, region_id from deal_span where from_day <= {day} and to_day > {day}"),
            ("account", "select account_id, region_id from account"),
        )
        for key, region in rows_of(demo, asked)
        if (region or "").startswith("south")
    }
    assert len(opened_there) > 10 and opened_there <= theirs


def rows_of(database, asked: str) -> list:
    with database.connect() as connection:
        return connection.exec_driver_sql(asked).fetchall()


def exact(money: str) -> float:
    return float(money.replace("−", "-").replace("¥", "").replace(",", ""))


def test_mail_goes_by_tls_and_a_login_to_each_apart_and_to_none_twice(company, box, monkeypatch):
    box.unknown = "dora@example.com"
    first = run(company, *WEEKLY)
    assert first.exit_code == 1
    assert "dora@example.com: not sent, the server refused the recipient: 550 No such user here" in first.stderr
    assert "1 of 3 digests were not sent" in first.stderr
    assert [address for address, _ in box.taken] == ["boss@example.com", "nils@example.com"]
    again = run(company, *WEEKLY)
    assert again.exit_code == 1 and again.stdout.count("sent before") == 2
    box.unknown = ""
    assert run(company, *WEEKLY).exit_code == 0
    assert run(company, *WEEKLY).stdout.count("sent before") == 3
    assert [address for address, _ in box.taken] == ["boss@example.com", "nils@example.com", "dora@example.com"]
    known.close(company, "boss@example.com", by="me")
    earlier = run(company, *WEEKLY[:-1], "2026-08-09")  # another week, and one person less
    assert earlier.exit_code == 0 and [address for address, _ in box.taken[3:]] == [
        "dora@example.com",
        "nils@example.com",
    ]
    monkeypatch.setenv("DASHBOARD_SMTP_PASSWORD", "wrong-" + PASSWORD)
    refused = run(company, *WEEKLY[:-1], "2026-08-02")
    assert refused.exit_code == 1 and "the server refused the login: 535" in refused.stderr
    assert PASSWORD not in first.output + again.output + refused.output
    boss, nils, dora = (message for _, message in box.taken[:3])
    assert "10 Aug 2026" in boss["Subject"] and "2026年8月10日" in dora["Subject"]
    assert (nils["To"], nils["From"]) == ("Nils <nils@example.com>", "Cockpit <cockpit@example.com>")
    assert nils.get_content_type() == "multipart/alternative" and "open=digest" in nils["List-Unsubscribe"]
    assert all(f"\r\nList-Unsubscribe: <{ADDRESS}/overview?".encode() in written for written in box.written)
    text, html = (boss.get_body((kind,)).get_content() for kind in ("plain", "html"))
    assert "Nora <b>" in text and "Nora &lt;b&gt;" in html and "<b>" not in html
    assert f'href="{ADDRESS}/overview?' in html and "as_of=2026-08-16" in html
    assert "<script" not in html and "http://evil" not in re.findall('href="([^"]*)"', html)


def test_an_address_that_no_mail_goes_to_stops_nobody_else(company, box):
    known.put(company, "\u00e4nn@example.com", Person("executive", name="\u00c4nn"), by="me")
    digests.put(company, "\u00e4nn@example.com", "weekly", "en", robot="", by="me")
    result = run(company, *WEEKLY)
    assert {address for address, _ in box.taken} == {*PEOPLE}
    assert "no address that mail goes to" in result.stderr and "1 of 4 digests were not sent" in result.stderr


def test_of_a_day_to_come_there_is_no_digest(company):
    result = run(company, "digest", "--cadence", "monthly", "--as-of", "2199-01-01", "--dry-run")
    assert result.exit_code == 1 and "still to come" in result.stderr


def test_mail_is_never_sent_in_clear_nor_to_a_server_that_nobody_vouches_for(company, tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_MAIL_FROM", "cockpit@example.com")
    for files, reason in ((None, "STARTTLS extension not supported"), (certificate(tmp_path), "not to be trusted")):
        with mailing(files) as box:
            monkeypatch.setenv("DASHBOARD_SMTP_URL", f"smtp://{USER}:x%40y@127.0.0.1:{box.port}")
            result = run(company, *WEEKLY)
            assert (result.exit_code, box.taken) == (1, []) and result.stderr.count(reason) == 3
            assert "x@y" not in result.output and "x%40y" not in result.output


def test_what_is_missing_to_send_is_named_before_anything_is_worked_out(company, monkeypatch):
    for variable, value, missing in (
        (sending.ADDRESS, "", "say by DASHBOARD_ADDRESS at which address"),
        (sending.ADDRESS, "cockpit.example.com", "say by DASHBOARD_ADDRESS at which address"),
        (sending.ADDRESS, ADDRESS, "DASHBOARD_SMTP_URL says by which server"),
    ):
        monkeypatch.setenv(variable, value)
        result = run(company, *WEEKLY)
        assert (result.exit_code, result.stdout) == (1, "") and missing in result.stderr
    assert "no weekly subscription" in run(company, *WEEKLY, "--to", "eve@example.com").stderr
    shown = run(company, *WEEKLY, "--dry-run", "--to", "Nils@example.com")
    assert shown.exit_code == 0 and "--- nils@example.com" in shown.stdout and "boss@" not in shown.stdout


SECRET = "of the chat"
ANSWERS = {"wecom": '{"errcode":0}', "dingtalk": '{"errcode":0}', "feishu": '{"code":0}', "slack": "ok"}


def test_a_robot_writes_into_its_chat_what_fits_and_signed(letters, monkeypatch, subtests):
    with chatting() as chat:
        for kind, fine in ANSWERS.items():
            with subtests.test(kind=kind):
                monkeypatch.setenv("DASHBOARD_ROBOT_SALES", f"{kind}+{chat.address}/hook?key=hidden")
                monkeypatch.setenv("DASHBOARD_ROBOT_SALES_SECRET", SECRET)
                monkeypatch.setenv("DASHBOARD_ROBOT_SALES_BYTES", "1000")
                to, letter = robots.robot("sales"), letters["boss@example.com"]
                chat.answer = 200, '{"errcode":310000,"code":9,"errmsg":"keywords not in content","msg":"sign"}'
                with pytest.raises(NotSent, match="the chat refused"):
                    robots.post(to, letter)
                chat.answer = 302, ""
                with pytest.raises(NotSent, match="302"):
                    robots.post(to, letter)
                assert not any("elsewhere" in path for path, _ in chat.posted)
                chat.answer = 200, fine
                robots.post(to, letter)
                path, body = chat.posted[-1]
                assert chat.sizes[-1] <= 2_000
                assert_signed(kind, path, body)


def test_a_digest_goes_into_a_chat_whose_address_is_never_said(company, monkeypatch):
    with chatting() as chat:
        monkeypatch.setenv("DASHBOARD_ROBOT_SALES", f"slack+{chat.address}/hook?key=hidden")
        digests.put(company, "boss@example.com", "daily", "en", robot="sales", by="me")
        asked = ("digest", "--cadence", "daily", "--as-of", "2026-08-12")
        chat.answer = 500, "hidden"
        refused = run(company, *asked)
        assert refused.exit_code == 1 and "robot sales as boss@example.com: not sent, the chat" in refused.stderr
        chat.answer = 200, "ok"
        sent = run(company, *asked)
        assert sent.stdout == "robot sales as boss@example.com: sent\n" and len(chat.posted) == 2
        assert "hidden" not in refused.output + sent.output


def assert_signed(kind: str, path: str, body: dict) -> None:
    if kind == "dingtalk":
        asked = {key: value for key, [value] in parse_qs(urlsplit(path).query).items()}
        told = hmac.new(SECRET.encode(), f"{asked['timestamp']}\n{SECRET}".encode(), hashlib.sha256).digest()
        assert asked["sign"] == base64.b64encode(told).decode() and asked["key"] == "hidden"
    if kind == "feishu":
        told = hmac.new(f"{body['timestamp']}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
        assert body["sign"] == base64.b64encode(told).decode()


def test_a_message_is_as_large_as_its_maker_takes_and_says_what_is_left_out(subtests):
    many = tuple(Row((f"客户 {n}", "¥1,000", "原因" * 30)) for n in range(400))
    letter = Letter("zh_CN", "标题", ("一句话",), (Part("表", many, link="https://x/y"),), "https://x", "打开", "")
    for kind, maker in robots.KINDS.items():
        with subtests.test(kind=kind):
            to = robots.Robot("x", kind, "https://x", "", maker.largest)
            _address, body = maker.message(to, letter, 0)
            text = json.dumps(body, ensure_ascii=False)
            assert "另有" not in text or "https://x/y" in text
            inner = body["markdown"].get("content", body["markdown"].get("text")) if "markdown" in body else text
            assert 0.9 * maker.largest < len(inner.encode()) <= maker.largest * 1.1
            if "markdown" in body:
                assert len(inner.encode()) <= maker.largest
    assert all(len(one["text"]["text"]) <= 3_000 for one in body["blocks"]) and len(body["blocks"]) <= 50
    tiny = robots.fitted(letter, lambda one: forms.text(replace(one, link="l" * 600)), 500)
    assert tiny.parts == () and tiny.said == ()


@pytest.mark.parametrize("name", ["<@all>", "<!channel>", "[x](http://evil)", "`a` *b* _c_ ~d~ #e", "@all", "a\nb"])
def test_a_name_in_a_chat_calls_nobody_and_leads_nowhere(name):
    letter = Letter("en", name, (name,), (Part("t", (Row((name,)),), note=name),), "https://x", "open", "")
    for kind in ("wecom", "dingtalk", "slack"):
        to = robots.Robot("x", kind, "https://x", "", 4_000)
        text = json.dumps(robots.KINDS[kind].message(to, letter, 0)[1], ensure_ascii=False)
        assert (
            name not in text
            and "<@" not in text
            and "<!" not in text
            and "(http://evil)" not in text.replace("（", "(")
        )


def test_a_robot_is_told_by_the_environment_alone(monkeypatch, subtests):
    for said_, wrong in (
        ("", "wecom+https://"),
        ("https://x", "wecom+https://"),
        ("irc+https://x", "wecom+https://"),
        ("wecom+http://chat.example.com/hidden", "no https: address"),
    ):
        with subtests.test(said=said_):
            monkeypatch.setenv("DASHBOARD_ROBOT_SALES", said_)
            with pytest.raises(Refused, match=re.escape(wrong)) as refused:
                robots.robot("sales")
            assert "hidden" not in str(refused.value)
    with pytest.raises(Refused, match="small letters"):
        robots.robot("../x")


def test_one_wishes_for_oneself_alone(company):
    nils = PEOPLE["nils@example.com"]
    digests.wish(company, nils, "Nils@example.com", {"daily": "zh_CN", "monthly": "zh_CN"})
    [scope] = {sending.begin(company, "weekly", AS_OF).scope(nils)}
    assert digests.own(company, scope, "nils@example.com") == {"daily": "zh_CN", "monthly": "zh_CN"}
    assert digests.own(company, scope, "boss@example.com") == {"weekly": "en"}
    for asking, email in (
        (nils, "boss@example.com"),
        (nils, "eve@example.com"),
        (Person("executive"), "nils@example.com"),
    ):
        with pytest.raises(NotAllowed, match="not on file by this address"):
            digests.wish(company, asking, email, {})
    with pytest.raises(Refused, match="not 'hourly'"):
        digests.wish(company, nils, "nils@example.com", {"hourly": "en"})
    assert set(digests.own(company, scope, "nils@example.com")) == {"daily", "monthly"}
    with pytest.raises(NotFound, match="nobody 'eve@example.com'"):
        digests.put(company, "eve@example.com", "daily", "en", robot="", by="me")
    assert run(company, "subscribe", "nils@example.com", "--cadence", "daily", "--end").exit_code == 0
    assert (
        "no daily subscription" in run(company, "subscribe", "nils@example.com", "--cadence", "daily", "--end").stderr
    )


def test_of_two_runs_at_once_one_sends_and_what_was_cut_off_is_begun_anew(database):
    one, at = ("ann@example.com", "weekly", "", AS_OF), datetime(2026, 8, 17, 6)
    assert digests.begin(database, *one, data_stamp="s", at=at)
    assert not digests.begin(database, *one, data_stamp="s", at=at + timedelta(minutes=59))
    assert digests.begin(database, *one, data_stamp="s", at=at + timedelta(minutes=61))
    digests.finish(database, *one, at=None)
    assert digests.begin(database, *one, data_stamp="s", at=at)
    digests.finish(database, *one, at=at)
    assert not digests.begin(database, *one, data_stamp="t", at=at + timedelta(days=9))
    assert digests.begin(database, *one[:3], AS_OF + timedelta(days=7), data_stamp="t", at=at)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_where_nobody_signs_in_nobody_has_an_address(company, language):
    app = opened("overview.py", language, open="digest")
    assert {"en": "Nobody signs in here", "zh": "此处无需登录"}[language] in said(app)
