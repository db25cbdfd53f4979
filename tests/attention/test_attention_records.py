"""A rule of Attention is declared whole: what finds it, its sentence, its definition, its thresholds."""

from dashboard.answers.attention.leaks import RULES
from dashboard.metrics.attention.rules import DEFAULTS
from dashboard.metrics.definitions import attention as definitions
from dashboard.sections.attention import words


def test_every_rule_has_its_sentence_and_its_definition():
    defined = {one.key for one in definitions.DEFINITIONS if one.key.startswith("leak_")} - {"leak_days"}
    assert set(words.SAID) == set(RULES)
    assert defined == {f"leak_{rule}" for rule in RULES}


def test_every_threshold_belongs_to_a_rule_and_has_its_words():
    assert {key for rule in RULES.values() for key in rule.thresholds} == set(DEFAULTS)
    assert sorted(one.key for one in words.thresholds()) == sorted(DEFAULTS)


def test_a_rule_is_found_by_its_key_and_is_about_something():
    assert all(rule.key == key and rule.subject_kind for key, rule in RULES.items())
