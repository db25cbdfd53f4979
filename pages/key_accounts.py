"""Who is key, how sure is that, and what would change it?"""

import streamlit as st

from dashboard.answers.accounts import key_accounts
from dashboard.answers.attention.undecided import undecided
from dashboard.ask import answer_of
from dashboard.frame import parts, tabs
from dashboard.frame.filters import chosen
from dashboard.sections.accounts import (
    contested_orphaned,
    key_coverage,
    key_ranking,
    key_words,
    lab,
    lab_draft,
    lab_publish,
    ranking,
)
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

# 1. The answer, in a sentence, under the profile that was valid on the as-of date, and what to decide first.
head = st.container()
profile = answer_of(key_accounts.profile, scope)
ranked = ranking.ranked(scope, profile)
shown = key_ranking.shown_accounts(ranked)
with head:
    parts.page_head(
        _("Key accounts"),
        _("Who is key, how sure is that, and what would change it?"),
        key_words.verdict(shown, form),
        scope,
    )
    to_do = st.empty()  # said at the end, since its answer takes longest; its line is kept free
    if not shown.empty:
        parts.say(key_words.aside(ranked, shown, form))
    parts.note(key_words.version_in_words(profile, lab_publish.every_version(), scope, form))
    lab_publish.told()

if shown.empty:
    parts.nothing(_("No account stands in these regions. Its region comes with the file account, as region_id."))
    raise parts.PageEnds

to_do.markdown("&nbsp;")

# 2. One subject: the ranking of one group and some of its accounts more closely; the lab, what if "key" meant something
# else; who covers the accounts, who is credited, who is left out; whom several work on, or nobody; every version, with
# who, when and why.
tab = tabs.chosen(
    {
        "ranking": _("Ranking"),
        "lab": _("Weight lab"),
        "coverage": _("Coverage and credit"),
        "slipping": _("Contested and orphaned"),
        "versions": _("Versions"),
    }
)
if tab == "ranking":
    group = key_ranking.choose_group(shown)
    is_scored = bool(group["score"].notna().any())
    left, right = st.columns([3, 2], gap="large") if is_scored else (st.container(), None)
    with left:
        of_row = key_ranking.table(group, scope, form)
    if right is not None:
        with right:
            looked_at = key_ranking.choose_accounts(group) if of_row.empty else of_row
            key_ranking.radar(looked_at, ranked, form)
        left, right = st.columns(2, gap="large")
        with left:
            key_ranking.two_ranks(group, form)
        with right:
            key_ranking.trend(looked_at, scope, ranked, form)
elif tab == "lab" and shown["score"].notna().any():
    lab_draft.begin(profile, lab_publish.newest())
    lab.draw(scope, ranked)
elif tab == "lab":
    parts.nothing(_("The lab needs scored accounts: import account_score, or enter assessments on the account page."))
elif tab == "coverage":
    key_coverage.coverage(shown, scope, form)
    left, right = st.columns(2, gap="large")
    with left:
        key_coverage.credit(scope, form)
    with right:
        key_coverage.unscored(shown, scope, form)
elif tab == "slipping":
    contested_orphaned.draw(scope, form)
else:
    lab_publish.versions(scope, allowed=lab.may_publish(scope))

# 3. Drawn last, and read first: what to decide first.
with to_do:
    parts.say(key_words.to_do(answer_of(undecided, ranking.asked(scope)), shown, form))
