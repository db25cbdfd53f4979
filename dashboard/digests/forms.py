"""A letter as text, as HTML for mail, and as what a chat shows. Names in it are text everywhere."""

from dashboard.digests.letter import Letter, Part, Row
from dashboard.words import literal

_INK, _FAINT, _LINE, _BLUE = "#1f2933", "#52606d", "#d9e2ec", "#1f5fa8"
_FONT = "font-family:-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif"
_BAR = 220  # pixels, of the longest


def text(letter: Letter) -> str:
    """For who reads mail without HTML, and for a terminal."""
    lines = [letter.subject, "", *letter.said]
    for part in letter.parts:
        lines += ["", part.title.upper()]
        if any(part.columns):
            lines.append(" | ".join(part.columns))
        for row in part.rows:
            lines.append(" | ".join(row.cells))
        lines += filter(None, [part.note, part.link])
    lines += ["", f"{letter.way}: {letter.link}", letter.foot]
    return "".join(literal.line(one) + "\n" for one in lines)


def html(letter: Letter) -> str:
    """For mail: styles in place and tables, since programs for mail know neither style sheets nor a grid."""
    parts = "".join(_part(part) for part in letter.parts)
    said = "".join(f'<p style="margin:4px 0;font-size:15px">{literal.html(one)}</p>' for one in letter.said)
    return (
        f'<!DOCTYPE html><html lang="{letter.language.replace("_", "-")}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{literal.html(letter.subject)}</title></head>'
        f'<body style="margin:0;padding:16px;background:#ffffff;color:{_INK};{_FONT};font-size:14px;line-height:1.45">'
        f'<div style="max-width:760px;margin:0 auto">'
        f'<h1 style="font-size:20px;margin:0 0 8px">{literal.html(letter.subject)}</h1>{said}'
        f"<p>{_link(letter.link, letter.way)}</p>{parts}"
        f'<p style="color:{_FAINT};font-size:12px;margin-top:24px">{literal.html(letter.foot)}</p>'
        "</div></body></html>"
    )


def _part(part: Part) -> str:
    names = "".join(f"<th{_style(part, at)}>{literal.html(name)}</th>" for at, name in enumerate(part.columns))
    head = f"<tr>{names}</tr>" if any(part.columns) else ""
    rows = "".join(_row(part, row) for row in part.rows)
    note = f'<p style="color:{_FAINT};margin:4px 0">{literal.html(part.note)}</p>' if part.note else ""
    title = _link(part.link, part.title) if part.link else literal.html(part.title)
    return (
        f'<h2 style="font-size:16px;margin:24px 0 6px">{title}</h2>'
        f'<div style="overflow-x:auto"><table role="presentation" cellpadding="0" cellspacing="0" '
        f'style="border-collapse:collapse;width:100%;font-size:13px">{head}{rows}</table></div>{note}'
    )


def _row(part: Part, row: Row) -> str:
    first, *others = row.cells
    name = _link(row.link, first) if row.link else literal.html(first)
    bar = "" if row.bar is None else f'<td style="padding:3px 8px 3px 0">{_bar(row.bar)}</td>'
    cells = "".join(f"<td{_style(part, at)}>{literal.html(one)}</td>" for at, one in enumerate(others, 1))
    return f"<tr><td{_style(part, 0)}>{name}</td>{bar}{cells}</tr>"


def _bar(share: float) -> str:
    """A bar that is a cell with a colour: pictures are blocked in most programs until somebody allows them."""
    width = round(_BAR * share)
    return (
        f'<table role="presentation" cellpadding="0" cellspacing="0"><tr><td width="{width}" height="12" '
        f'style="width:{width}px;height:12px;background:{_BLUE};font-size:0">&nbsp;</td></tr></table>'
        if width
        else ""
    )


def _style(part: Part, at: int) -> str:
    side = "left" if at == 0 or at in part.words else "right"
    return f' style="text-align:{side};padding:4px 8px 4px 0;border-bottom:1px solid {_LINE};vertical-align:top"'


def _link(address: str, name: str) -> str:
    return f'<a href="{literal.html(address)}" style="color:{_BLUE}">{literal.html(name)}</a>'
