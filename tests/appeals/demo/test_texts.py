"""Invented texts: whole, in the right language, and different from each other."""

import datetime as dt
import re
from random import Random

import pytest

from appeals.demo.data import read
from appeals.demo.texts import Writer, invent_place

PHRASES = read("phrases")
TOPICS = sorted(PHRASES["topics"])
KAZAKH = set("әғқңөұүһіӘҒҚҢӨҰҮҺІ")


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_can_be_written_in_both_languages(topic, language):
    for seed in range(12):
        rng = Random(seed)
        writer = Writer(rng, language, topic, invent_place(rng))
        text = writer.appeal()
        outcome = rng.choice(["satisfied", "satisfied_partly", "explained", "refused", "not_done"])
        answer = writer.answer(
            applicant="Айдана",
            outcome=outcome,
            measures=writer.measures(outcome),
            done_on=dt.date(2026, 11, 5),
            done_by=writer.crew(),
            statutory=True,
        )
        for written in (text, answer):
            assert "{" not in written
            assert ".." not in written
            assert not re.search(r" {2}|\s[.,]", written)
            assert bool(KAZAKH & set(written)) == (language == "kk")
        assert 10 <= len(text) < 1000
        assert "91" in answer


def test_russian_and_kazakh_sentences_hold_no_stray_latin_letters():
    for topic in PHRASES["topics"].values():
        for part in topic.values():
            for sentence in part["kk"] + part["ru"]:
                plain = re.sub(r"\{\w+\}|GPS|eGov", "", sentence)
                assert not re.search(r"[a-zA-Z]", plain), sentence


def test_texts_of_one_topic_vary():
    texts = {Writer(Random(seed), "kk", "waste", invent_place(Random(seed))).appeal() for seed in range(100)}
    assert len(texts) > 95
