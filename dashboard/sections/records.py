"""Records in the drawer, over any page: the deal, the account or the rep that is open. Their questions run only then.

A record that one may not see answers exactly as one that does not exist.
"""

from collections.abc import Callable

from dashboard.answers.accounts import record as accounts
from dashboard.answers.opportunities import one_deal as deals
from dashboard.answers.pipeline import deals as lists
from dashboard.answers.pipeline.deals import Norms
from dashboard.answers.reps import one_rep
from dashboard.ask import answer_of, ask
from dashboard.frame import drawer, parts
from dashboard.sections.accounts import record as account_record
from dashboard.sections.opportunities import one_deal
from dashboard.sections.reps import record as rep_record
from dashboard.words.language import _
from data_access.errors import Refused
from data_access.scope import Scope

_Drawn = tuple[str, Callable[[], None]]  # a record's title, and what draws it


def offer(scope: Scope) -> None:
    """The record that is open, if any, for this run's drawer."""
    for record, find in {drawer.DEAL: _deal, drawer.ACCOUNT: _account, drawer.REP: _rep}.items():
        key = drawer.at(record)
        if key:
            _offer(record, key, find, scope)


def _offer(record: str, key: str, find: Callable[[Scope, str], _Drawn], scope: Scope) -> None:
    unknown = {
        drawer.DEAL: _("There is no deal {deal} that you may see.").format(deal=key),
        drawer.ACCOUNT: _("There is no account {account} that you may see.").format(account=key),
        drawer.REP: _("There is no rep {rep} that you may see.").format(rep=key),
    }[record]
    try:
        title, draw = find(scope, key)
    except Refused:
        title, draw = key, lambda: parts.nothing(unknown)

    def drawn() -> None:
        drawer.way_back()
        draw()

    parts.offer(title, drawn, key=f"{record}_record")


def _deal(scope: Scope, key: str) -> _Drawn:
    found = deals.deal(ask, scope, key, _norms(scope))
    if found is None:
        return key, lambda: parts.nothing(_("Deal {deal} was not there yet.").format(deal=key))
    return found.facts["deal"], lambda: one_deal.draw(found, scope, parts.formats())


def _account(scope: Scope, key: str) -> _Drawn:
    found = accounts.record(ask, scope, key, _norms(scope))
    return found.facts["account"], lambda: account_record.draw(found, parts.formats())


def _rep(scope: Scope, key: str) -> _Drawn:
    rep = one_rep.facts(ask, scope, key)
    return rep["rep"], lambda: rep_record.draw(rep, scope, parts.formats())


def _norms(scope: Scope) -> Norms:
    return answer_of(lists.stage_norms, Scope(scope.person, scope.period, scope.as_of, scope.last_day))
