"""What is there to know, and to do, about this account?"""

import streamlit as st

from dashboard.answers.accounts import one_account
from dashboard.ask import ask
from dashboard.frame import filters, parts, tabs
from dashboard.sections.accounts import (
    business,
    choice,
    coverage as account_coverage,
    how as account_how,
    plans,
    who as account_who,
)
from dashboard.words.language import _

scope, form = filters.chosen(), parts.formats()

# 1. Which account: the one in the address, or one of the list. The head stands above the choice.
head = st.container()
account_id = choice.choose(scope)

if account_id is None:
    with head:
        parts.page_head(
            _("Account"),
            _("What is there to know, and to do, about this account?"),
            _("Choose an account."),
            scope,
            about=_("as of {day}").format(day=form.date(scope.as_of)),
        )
    choice.everyone(scope, form)
    raise parts.PageEnds

# 2. Is it a key account? The answer in a sentence.
account, standing = one_account.facts(ask, scope, account_id), account_who.standing(scope, account_id)
with head:
    parts.page_head(
        account["account"],
        _("What is there to know, and to do, about this account?"),
        account_who.answer(standing, form),
        scope,
        about=choice.in_words(account, scope, form),
    )

# 3. One view of it: who it is, what it brings, who covers it, how we are with it, where we want to go, what it needs.
tab = tabs.chosen(
    {
        "who": _("Who"),
        "business": _("Business"),
        "coverage": _("Coverage"),
        "how": _("How"),
        "strategy": _("Strategy"),
        "evaluation": _("Evaluation"),
    }
)
if tab == "who":
    account_who.draw(scope, account_id, standing, form)
elif tab == "business":
    business.draw(scope, account_id, form)
elif tab == "coverage":
    account_coverage.draw(scope, account_id, form)
elif tab == "how":
    account_how.draw(scope, account_id, form)
elif tab == "strategy":
    plans.strategy(scope, account_id, form)
else:
    plans.evaluation(scope, account_id, form)
