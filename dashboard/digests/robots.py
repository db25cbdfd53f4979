"""A letter as the message of a chat's robot, by its webhook: WeCom, DingTalk, Feishu, Slack.

An address of a webhook is a key: who has it may write into the chat. It stands in the environment alone, by the name of
the robot, and in no message of ours.
"""

import base64
import hashlib
import hmac
import json
import os
import re
import time
import urllib.request
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from http.client import HTTPException, InvalidURL
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote_plus, urlsplit

from dashboard.digests.letter import Letter, Part, more
from dashboard.digests.mail import NotSent, PerhapsSent
from dashboard.server.sign_in import is_loopback
from dashboard.words import literal
from dashboard.words.formats import Formats
from data_access.errors import Refused

PREFIX = "DASHBOARD_ROBOT_"  # before the name, in capitals: wecom+https://…, likewise dingtalk, feishu, slack
SECRET = "_SECRET"  # after it: what DingTalk and Feishu sign with
LARGEST = "_BYTES"  # likewise: of a message, where its maker takes another size by now
_NAME = re.compile("[a-z0-9_]+")
_LONGEST_WAIT = 30  # seconds
_SLACK_SECTION = 3_000  # characters


@dataclass(frozen=True)
class Robot:
    """Where messages go, and how large one may be, in bytes of UTF-8."""

    name: str
    kind: str
    address: str = field(repr=False)
    secret: str = field(repr=False)
    largest: int


def robot(name: str) -> Robot:
    """The robot of this name, as the environment has it. Raises Refused, naming what is missing or wrong."""
    if not _NAME.fullmatch(name):
        raise Refused(f"A robot is called by small letters, digits and _, not {name!r}.")
    variable = PREFIX + name.upper()
    kind, _plus, address = os.environ.get(variable, "").partition("+")
    if kind not in KINDS or not address:
        raise Refused(
            f"{variable} says where the robot {name!r} writes: {', '.join(KINDS)}, then + and the address of its "
            "webhook, as in wecom+https://…"
        )
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        raise Refused(f"{variable} has no https: address.")
    largest = os.environ.get(variable + LARGEST, "")
    if largest and not (largest.isdecimal() and int(largest) >= 500):
        raise Refused(f"{variable}{LARGEST} is a number of bytes from 500 on.")
    return Robot(
        name, kind, address, os.environ.get(variable + SECRET, ""), int(largest) if largest else KINDS[kind].largest
    )


def post(to: Robot, letter: Letter) -> None:
    """Sends it. Raises NotSent with the chat's reason, and never with the address."""
    address, body = KINDS[to.kind].message(to, letter, int(time.time() * 1000))
    request = urllib.request.Request(
        address, json.dumps(body, ensure_ascii=False).encode(), {"Content-Type": "application/json; charset=utf-8"}
    )
    try:
        with _opener.open(request, timeout=_LONGEST_WAIT) as answer:
            said = answer.read(10_000).decode("utf-8", "replace")
    except HTTPError as error:
        raise NotSent(f"the chat answered {error.code} {error.reason}") from None
    except URLError as error:
        told = error.reason
        raise NotSent(f"no line to the chat: {getattr(told, 'strerror', None) or type(told).__name__}") from None
    except InvalidURL:  # whose text has all of it
        raise NotSent("the address of the chat is none") from None
    except (OSError, HTTPException) as error:  # once the letter was handed over
        raise PerhapsSent(f"perhaps sent; no answer of the chat: {type(error).__name__}") from None
    problem = KINDS[to.kind].problem(said)
    if problem:
        raise NotSent(f"the chat refused: {literal.line(problem)[:200]}")


class _NoOtherWay(urllib.request.HTTPRedirectHandler):
    """What is meant for one address goes to no other."""

    def redirect_request(self, *_asked):
        return None


_opener = urllib.request.build_opener(_NoOtherWay)


def fitted(letter: Letter, written: Callable[[Letter], str], largest: int) -> Letter:
    """The letter with as many rows of each part as fit in as `written` has it. A part that is shortened says how many
    are left out; its link leads to all of them. Where its frame alone is too large, what is said goes."""
    form = Formats(letter.language)

    def with_rows(most: int) -> Letter:
        return replace(letter, parts=tuple(_short(part, most, form) for part in letter.parts))

    def is_too_large(most: int) -> bool:
        return len(written(with_rows(most)).encode()) > largest

    rows = range(max((len(part.rows) for part in letter.parts), default=0) + 1)
    fits = bisect_left(rows, True, key=is_too_large) - 1
    return with_rows(fits) if fits >= 0 else replace(letter, parts=(), said=())


def _short(part: Part, most: int, form: Formats) -> Part:
    out = len(part.rows) - most
    if out <= 0:
        return part
    note = " ".join(filter(None, [more(out, form), part.note]))
    return replace(part, rows=part.rows[:most], note=note)


def _markdown(letter: Letter) -> str:
    """As WeCom and DingTalk read it: headings, quotations, links."""
    lines = [f"### {literal.chat(letter.subject)}", *map(literal.chat, letter.said)]
    for part in letter.parts:
        lines.append(f"**{_marked(part.title, part.link)}**")
        lines += [f"> {_cells(row.cells)}" for row in part.rows]
        lines += [literal.chat(part.note)] if part.note else []
    lines.append(_marked(letter.way, letter.link))
    return "\n\n".join(lines)


def _marked(name: str, address: str) -> str:
    return f"[{literal.chat(name)}]({address})" if address else literal.chat(name)


def _cells(cells: tuple[str, ...]) -> str:
    return " | ".join(literal.chat(one) for one in cells)


def _wecom(to: Robot, letter: Letter, _at: int) -> tuple[str, dict[str, Any]]:
    shown = fitted(letter, _markdown, to.largest)
    return to.address, {"msgtype": "markdown", "markdown": {"content": _markdown(shown)}}


def _dingtalk(to: Robot, letter: Letter, at: int) -> tuple[str, dict[str, Any]]:
    address = to.address
    if to.secret:
        sign = _sign(to.secret.encode(), f"{at}\n{to.secret}".encode())
        address += f"{'&' if '?' in address else '?'}timestamp={at}&sign={quote_plus(sign)}"
    shown = fitted(letter, _markdown, to.largest)
    return address, {
        "msgtype": "markdown",
        "markdown": {"title": literal.chat(letter.subject), "text": _markdown(shown)},
    }


def _feishu(to: Robot, letter: Letter, at: int) -> tuple[str, dict[str, Any]]:
    """A post of plain texts and links, in which no mark is read."""
    told: dict[str, Any] = {}
    if to.secret:
        seconds = at // 1000
        told = {"timestamp": str(seconds), "sign": _sign(f"{seconds}\n{to.secret}".encode(), b"")}

    def body(shown: Letter) -> dict[str, Any]:
        content: list[list[dict[str, str]]] = [[_plain(one)] for one in shown.said]
        for part in shown.parts:
            content.append([_a(part.title, part.link) if part.link else _plain(part.title)])
            content += [[_plain("· " + " | ".join(row.cells))] for row in part.rows]
            content += [[_plain(part.note)]] if part.note else []
        content.append([_a(shown.way, shown.link)])
        post = {"title": literal.line(shown.subject), "content": content}
        language = "zh_cn" if shown.language == "zh_CN" else "en_us"
        return {"msg_type": "post", "content": {"post": {language: post}}, **told}

    shown = fitted(letter, lambda one: json.dumps(body(one), ensure_ascii=False), to.largest)
    return to.address, body(shown)


def _plain(text: str) -> dict[str, str]:
    return {"tag": "text", "text": literal.line(text)}


def _a(text: str, address: str) -> dict[str, str]:
    return {"tag": "a", "text": literal.line(text), "href": address}


def _slack(to: Robot, letter: Letter, _at: int) -> tuple[str, dict[str, Any]]:
    """Sections in Slack's own marks, each as long as one may be."""

    def lines(shown: Letter) -> list[str]:
        found = [f"*{literal.chat(shown.subject)}*", *map(literal.chat, shown.said)]
        for part in shown.parts:
            name = f"<{part.link}|{literal.chat(part.title)}>" if part.link else literal.chat(part.title)
            found += [f"*{name}*", *(f"• {_cells(row.cells)}" for row in part.rows)]
            found += [literal.chat(part.note)] if part.note else []
        return [*found, f"<{shown.link}|{literal.chat(shown.way)}>"]

    sections = [""]
    for line in lines(fitted(letter, lambda one: "\n".join(lines(one)), to.largest)):
        if len(sections[-1]) + 1 + len(line) > _SLACK_SECTION:
            sections.append("")
        sections[-1] = f"{sections[-1]}\n{line}".strip()[:_SLACK_SECTION]
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": one}} for one in sections]
    return to.address, {"text": literal.chat(letter.subject), "blocks": blocks}


def _sign(key: bytes, text: bytes) -> str:
    return base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode()


@dataclass(frozen=True)
class _Kind:
    """How one maker's robots are spoken to. problem: what an answer says went wrong, empty: nothing."""

    largest: int
    message: Callable[[Robot, Letter, int], tuple[str, dict[str, Any]]]
    problem: Callable[[str], str]


def _of_code(key: str, text: str) -> Callable[[str], str]:
    """An answer in JSON is fine where its code is 0; else `text` says why not."""

    def problem(said: str) -> str:
        try:
            answer = json.loads(said)
            return "" if answer[key] == 0 else f"{answer[key]} {answer.get(text, '')}"
        except (ValueError, TypeError, KeyError):
            return f"it answered {said!r}"

    return problem


KINDS = {
    "wecom": _Kind(4_096, _wecom, _of_code("errcode", "errmsg")),
    "dingtalk": _Kind(20_000, _dingtalk, _of_code("errcode", "errmsg")),
    "feishu": _Kind(20_000, _feishu, _of_code("code", "msg")),
    "slack": _Kind(30_000, _slack, lambda said: "" if said == "ok" else said or "it answered nothing"),
}
"""The makers whose robots are known, with the largest message of each in bytes."""
