"""How is this rep doing, and what does the company owe them?"""

import streamlit as st

from dashboard.answers.reps import company_help, one_rep
from dashboard.answers.reps.life_stage import of_people
from dashboard.answers.reps.one_rep import of_rep
from dashboard.ask import answer_of, ask
from dashboard.frame import filters, parts, tabs
from dashboard.sections.reps import rep_accounts, rep_choice, rep_deals, rep_profile, rep_stage, rep_target, stage_words
from dashboard.words.language import _, label

scope, form = filters.chosen(), parts.formats()

# 1. Which rep: the one in the address, or one of the list. The head stands above the choice.
head = st.container()
rep_id = rep_choice.choose(scope)

if rep_id is None:
    with head:
        parts.page_head(
            _("Rep"),
            _("How is this rep doing, and what does the company owe them?"),
            _("Choose a rep."),
            scope,
            about=stage_words.looked_at(scope, form),
        )
    rep_choice.everyone(scope, form)
    raise parts.PageEnds

# 2. The verdict, and five numbers of the quarter.
own = of_rep(scope, rep_id)
rep, target = one_rep.facts(ask, scope, rep_id), answer_of(one_rep.target, own, rep_id)
found = answer_of(company_help.given, of_people(own))
stage = found.iloc[0] if len(found) else None
with head:
    parts.page_head(
        rep["rep"],
        _("How is this rep doing, and what does the company owe them?"),
        rep_target.verdict(target, form),
        scope,
        about=rep_choice.in_words(rep, scope, form),
        more=_("Life stage: {stage}.").format(
            stage=stage_words.stage_name(None if stage is None else stage["life_stage"])
        ),
    )
parts.kpi_row(
    rep_target.cards(target, form),
    key="rep_cards",
    asked=rep_target.asked(own, rep_id),
    own=own.but(period=target["quarter"]),
)

# 3. Which open deals are stuck, beside where all of them stand.
rep_deals.draw(own, form)

# 4. One subject: the target of this quarter and those before; which accounts are silent and what was done when; the
# profile over the peers, where soft metrics are entered; the life stage, and what the company owes and gives.
tab = tabs.chosen(
    {
        "target": label("target_amount"),
        "accounts": _("Accounts and activities"),
        "profile": _("Profile"),
        "stage": _("Life stage"),
    }
)
if tab == "target":
    rep_target.draw(scope, rep_id, target, form)
elif tab == "accounts":
    left, right = st.columns(2, gap="large")
    with left:
        rep_accounts.owned(scope, rep_id, form)
    with right:
        rep_accounts.calendar(scope, rep_id, form)
elif tab == "profile":
    rep_profile.draw(scope, rep, form)
else:
    rep_stage.draw(own, stage, form)
