"""The recommended allocation: what is asked, the child process that works it out, and published plans."""

import pandas as pd

from dashboard.answers.support import allocation as answers
from dashboard.answers.support import allocation_review as reviews
from dashboard.metrics.support.allocation import Problem, Recommendation, recommend
from dashboard.server import long_work
from data_access.engine import database_url, for_pages
from data_access.scope import Scope
from data_access.support import plans

from .cache import ask, kept, now

MOST_SECONDS = 60  # what takes longer is not worth waiting for: the promised size takes 5


def allocation_asked(scope: Scope, wish: answers.Wish | None = None) -> answers.Asked:
    return kept(answers.asked, scope, wish)


def allocation_review(asked: answers.Asked, solved: Recommendation) -> reviews.Review:
    return reviews.review(asked, solved)


def start_allocation(problem: Problem) -> long_work.Running:
    """Works out a problem in a process of its own."""
    return long_work.start(recommend, problem, limit=MOST_SECONDS)


def allocation_plans(scope: Scope) -> pd.DataFrame:
    return ask(plans.published, Scope(scope.person, scope.period, scope.as_of, scope.last_day, scope.regions))


def allocation_names(scope: Scope) -> pd.DataFrame:
    return ask(plans.names, Scope(scope.person, scope.period, scope.as_of, scope.last_day, scope.regions))


def publish_allocation(scope: Scope, asked: answers.Asked, solved: Recommendation, reason: str, based_on: int) -> int:
    """Publishes the whole company's plan as the person of the scope; gives its number."""
    payload = reviews.payload(asked, solved)
    return plans.publish(for_pages(database_url()), scope.person, payload, reason, based_on=based_on, at=now())
