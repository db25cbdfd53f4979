"""What does the team do, and what comes of it?"""

from dashboard.answers.reps import results as rep_answers
from dashboard.ask import answer_of
from dashboard.frame import parts, tabs
from dashboard.frame.filters import chosen
from dashboard.sections import regions
from dashboard.sections.leads import response
from dashboard.sections.reps import activity, credit, plans_kept, results, silent_accounts, team
from dashboard.words.language import _

scope, form = chosen(), parts.formats()

# 1. The verdict, what stands behind it, with whom to speak first, and five numbers.
reps = answer_of(rep_answers.reps, scope)
parts.page_head(
    _("Reps"),
    _("What does the team do, and what comes of it?"),
    _("No rep is in view.") if reps.empty else team.verdict(reps, scope, form),
    scope,
)
if reps.empty:
    parts.nothing(_("No rep is in view. Choose another region or owner, or import rep."))
    raise parts.PageEnds
told = [team.answer(reps, form), team.to_do(reps, form)]
if said := " ".join(one for one in told if one and one != team.verdict(reps, scope, form)):
    parts.say(said)
parts.kpi_row(team.cards(reps, form), key="cards_reps", asked=lambda _key: answer_of(rep_answers.reps, scope))

# 2. Who has the most to go, and what is to be done for it.
team.first(reps, scope, form)

# 3. One subject more closely.
tab = tabs.chosen(
    {
        "results": _("Results"),
        "activity": _("Activity"),
        "plans": _("Plans"),
        "everyone": _("Every rep"),
        "silence": _("Silence"),
        "credit": _("Credit"),
    }
)
if tab == "results":
    results.draw(reps, scope, form)
elif tab == "activity":
    if reps["completed"].isna().all():
        parts.nothing(_("No activity was imported, so nobody knows who did what, when. Import activity."))
    else:
        activity.by_week(reps, scope, form)
        activity.added(scope, form)
        activity.by_sort(scope, form)
elif tab == "plans":
    plans_kept.compared(reps, scope, form)
    regions.ways(scope, "reps")
elif tab == "everyone":
    team.table(reps, scope, form)
elif tab == "silence":
    silent_accounts.silence(scope, form)
    response.response(scope, form)
else:
    credit.credit(scope, form)
