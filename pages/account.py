"""What is there to know, and to do, about this account?"""

import streamlit as st

from dashboard import filters, parts
from dashboard.answers import accounts
from dashboard.ask import ask
from dashboard.language import _
from dashboard.sections import (
    account_business,
    account_choice,
    account_coverage,
    account_how,
    account_plans,
    account_who,
)

scope, form = filters.chosen(), parts.formats()

# 1. Which account: the one in the address, or one of the list. The head stands above the choice.
head = st.container()
account_id = account_choice.choose(scope)

if account_id is None:
    with head:
        parts.page_head(
            _("Account"),
            _("What is there to know, and to do, about this account?"),
            _("Choose an account."),
            scope,
            about=_("as of {day}").format(day=form.date(scope.as_of)),
        )
    account_choice.everyone(scope, form)
    st.stop()

# 2. Is it a key account? The answer in a sentence.
account, standing = accounts.facts(ask, scope, account_id), account_who.standing(scope, account_id)
with head:
    parts.page_head(
        account["account"],
        _("What is there to know, and to do, about this account?"),
        account_who.answer(standing, form),
        scope,
        about=account_choice.in_words(account, scope, form),
    )

# 3. The five views of it: who it is, who covers it, how we are with it, where we want to go, what it needs.
who, coverage, how, strategy, evaluation = st.tabs(
    [_("Who"), _("Coverage"), _("How"), _("Strategy"), _("Evaluation")], key="account_tabs"
)
with who:
    account_who.draw(scope, account_id, standing, form)
with coverage:
    account_coverage.draw(scope, account_id, form)
with how:
    account_how.draw(scope, account_id, form)
with strategy:
    account_plans.strategy(scope, account_id, form)
with evaluation:
    account_plans.evaluation(scope, account_id, form)

# 4. What it brings: open deals, receipts, and whose its purchases are.
account_business.draw(scope, account_id, form)
