"""Who is key, how sure is that, and what would change it?"""

import streamlit as st

from dashboard.answers.accounts import key_accounts
from dashboard.answers.attention.undecided import undecided
from dashboard.ask import answer_of
from dashboard.frame import parts
from dashboard.frame.filters import chosen
from dashboard.sections.accounts import key_coverage, key_ranking, key_words, lab, lab_draft, lab_publish, ranking
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
        key_words.answer(ranked, shown, form),
        scope,
    )
    to_do = st.empty()  # said at the end, since its answer takes longest; its line is kept free
    parts.note(key_words.version_in_words(profile, lab_publish.every_version(), scope, form))
    lab_publish.told()

if shown.empty:
    parts.nothing(_("No account stands in these regions. Its region comes with the file account, as region_id."))
    st.stop()

to_do.markdown("&nbsp;")

# 2. The ranking of one group, and some of its accounts more closely.
group = key_ranking.choose_group(shown)
key_ranking.table(group, scope, form)
if group["score"].notna().any():
    left, right = st.columns(2, gap="large")
    with left:
        looked_at = key_ranking.choose_accounts(group)
        key_ranking.radar(looked_at, ranked, form)
    with right:
        key_ranking.two_ranks(group, form)
    key_ranking.trend(looked_at, scope, ranked, form)

# 3. The lab: what if "key" meant something else?
parts.header(_("What if key meant something else?"))
if shown["score"].notna().any():
    lab_draft.begin(profile, lab_publish.newest())
    lab.draw(scope, ranked)
else:
    parts.nothing(_("The lab needs scored accounts: import account_score, or enter assessments on the account page."))

# 4. Every version ever published, with who, when and why.
parts.header(_("Published versions"))
lab_publish.versions(scope, allowed=lab.may_publish(scope))

# 5. Who is left out, who covers the key accounts, and who is credited for them.
parts.header(_("Coverage and credit"))
key_coverage.coverage(shown, scope, form)
left, right = st.columns(2, gap="large")
with left:
    key_coverage.credit(scope, form)
with right:
    key_coverage.unscored(shown, scope, form)

# 6. Drawn last, and read first: what to decide first.
with to_do:
    parts.say(key_words.to_do(answer_of(undecided, ranking.asked(scope)), shown, form))
