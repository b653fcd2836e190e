"""Measures new wordings on real texts: a phrase is planted in some of a week's texts, what is found is compared.

    python -m bench.warning_words CORPUS.jsonl.gz [--runs 4] [--seed 1]

Each week of the corpus is compared with the eight before it. The phrases were never written there; each is planted in
the texts of so many different people, in forms as people decline them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import random
from collections import defaultdict
from pathlib import Path

from reports.warning.wordings import Text, new_wordings

PHRASES = (
    ("запах хлорки", "пахнет хлоркой", "хлорка"),
    ("стая бродячих волков", "волки во дворе", "видели волка"),
    ("отключили интернет", "интернета нет третий день", "без интернета"),
    ("ржавые качели упали", "качелями ударило", "сломались качели"),
)
WEEK, EARLIER = 7, 56


def read(path: Path) -> dict[dt.date, list[Text]]:
    found: dict[dt.date, list[Text]] = defaultdict(list)
    with gzip.open(path, "rt") as lines:
        for number, line in enumerate(lines):
            said = json.loads(line)["messages"][0]
            found[dt.date.fromisoformat(said["at"][:10])].append(Text(number, str(number), "ru", said["text"]))
    return found


def between(texts: dict[dt.date, list[Text]], first: dt.date, days: int) -> list[Text]:
    return [text for place in range(days) for text in texts.get(first + dt.timedelta(days=place), [])]


def planted(texts: list[Text], phrase: tuple[str, ...], count: int, rng: random.Random) -> list[Text]:
    chosen = {text.appeal for text in rng.sample(texts, count)}
    return [
        Text(text.appeal, text.person, text.language, f"{text.text}. {rng.choice(phrase)}")
        if text.appeal in chosen
        else text
        for text in texts
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--runs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    texts = read(options.corpus)
    last = max(texts)
    weeks = [last - dt.timedelta(days=WEEK * back) for back in range(1, 16)]
    spans = [
        (between(texts, begin - dt.timedelta(days=EARLIER), EARLIER), between(texts, begin, WEEK)) for begin in weeks
    ]
    usual = [len(new_wordings(lambda now=now: now, lambda past=past: past)) for past, now in spans]
    print(f"{len(weeks)} weeks, {sum(usual) / len(usual):.1f} new wordings a week without a planted one\n")
    print("| people who use the phrase in a week | planted | found |\n| --- | --- | --- |", flush=True)
    for count in (5, 7, 10, 15, 25):
        rng, found, made = random.Random(f"{options.seed} {count}"), 0, 0
        for _run in range(options.runs):
            for past, now in spans:
                phrase = rng.choice(PHRASES)
                recent = planted(now, phrase, count, rng)
                words = {word for form in phrase for word in form.split()}
                raised = new_wordings(lambda recent=recent: recent, lambda past=past: past)
                found += any(words & set(" ".join((one.written, *one.also)).split()) for one in raised)
                made += 1
        print(f"| {count} | {made} | {found / made:.0%} |", flush=True)


if __name__ == "__main__":
    main()
