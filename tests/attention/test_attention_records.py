"""A rule of Attention is declared whole: what finds it, its sentence, its definition, its thresholds."""

from dashboard.answers.attention.leaks import RULES
from dashboard.metrics.attention.rules import DEFAULTS
from dashboard.metrics.definitions import attention as definitions
from dashboard.sections.attention import words


def test_every_rule_has_its_sentence_and_its_definition():
    defined = {one.key for one in definitions.DEFINITIONS if one.key.startswith("leak_")} - {"leak_days"}
    assert set(words._SAID) == set(RULES)
    assert defined == {f"leak_{rule}" for rule in RULES}


def test_every_threshold_has_its_words():
    assert [one.key for one in words.thresholds() if one.key not in DEFAULTS] == []
    assert {one.key for one in words.thresholds()} == set(DEFAULTS)
