"""Self-consistency (Wang et al. 2022, arXiv 2203.11171): several chains of thought vote on the answer."""

import re
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.engines.base import ChatEngine, Message, Sampling
from shared.errors import HubError
from spaces.prompting.generate import Answer, Cost, race

MAX_SAMPLES = 20
WIDTH = 4
"""Samples at the same time: half of the embedded engine's slots, so that others are served too."""
LONGEST_ANSWER = 60
"""Characters of an answer in words that can be voted on."""

_WIDE = str.maketrans("０１２３４５６７８９．＝－−–", "0123456789.=---")
# a sign counts where no number or word stands before it: `23-20` is a difference
_NUMBER = re.compile(
    r"(?:(?<![\dA-Za-z)\]])-)?[$€£¥￥]?(?:(?<=[$€£¥￥])-)?(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
)
_SAID = re.compile(
    r"\banswer\s*(?:is|:|=)|\banswer\b(?=[^.\n]{0,40}\bis\b)|答案\s*(?:是|为|等于|[:：])|####|\\boxed\{", re.I
)
# the first number is followed by an operator, perhaps after its unit: `5 balls + 6 = 11`, not `9 as 2 = 2`
_SUM = re.compile(r"^\D*[\d.,]+\s*(?:[^\W\d]+\s*)?[-+*/×÷x=]")
_SENTENCE_END = re.compile(r"\n|[。！？；]|[.!?;](?=\s|$)")


def numbers(text: str) -> list[str]:
    """The numbers in a text, plainly written: `$1,200.50` is 1200.5, `１２` is 12."""
    return [_plain(found) for found in _NUMBER.findall(text.translate(_WIDE))]


def final_number(text: str) -> str | None:
    """The number an answer ends on: the one after the last “the answer is” (of a sum: after its last `=`),
    else the last one in the text. None when there is none."""
    for said in reversed(list(_SAID.finditer(text))):
        clause = _SENTENCE_END.split(text[said.end() :], maxsplit=1)[0].translate(_WIDE)
        found = numbers(clause)
        if found:
            result = numbers(clause.rpartition("=")[2])
            return result[0] if result and _SUM.search(clause) else found[0]
    found = numbers(text)
    return found[-1] if found else None


def final_answer(text: str) -> str | None:
    """What can be voted on: the final number, else the words after “the answer is”, else a short answer as a
    whole. None when there is nothing of the kind."""
    number = final_number(text)
    if number is not None:
        return number
    said = list(_SAID.finditer(text))
    words = _SENTENCE_END.split(text[said[-1].end() :], maxsplit=1)[0] if said else text
    plain = " ".join(words.split()).strip(" .。!！?？\"'“”*:：").casefold()
    return plain if plain and len(plain) <= LONGEST_ANSWER else None


def _plain(found: str) -> str:
    value = Decimal(re.sub(r"[^\d.-]", "", found))
    text = format(value.normalize(), "f")
    return "0" if text in ("-0", "0") else text


@dataclass(frozen=True)
class Vote:
    """The samples so far and what they end on; `extracted` is None for one that is being written or says
    nothing."""

    samples: tuple[Answer, ...]
    extracted: tuple[str | None, ...]

    @property
    def votes(self) -> dict[str, int]:
        """Most votes first; among equals the one that a sample with a lower number gave."""
        return dict(Counter(answer for answer in self.extracted if answer is not None).most_common())

    @property
    def winner(self) -> str | None:
        return next(iter(self.votes), None)

    @property
    def done(self) -> bool:
        return all(sample.finish_reason is not None for sample in self.samples)

    @property
    def cost(self) -> Cost:
        return Cost.of(self.samples)


def self_consistency(
    engine: ChatEngine, messages: Sequence[Message], sampling: Sampling, samples: int
) -> Generator[Vote, None, None]:
    """The vote as the samples are written. Sample i has the seed `sampling.seed` + i. Closing it stops them.

    At temperature 0 all samples would be the same: raises HubError."""
    if isinstance(samples, bool) or not isinstance(samples, int) or not 1 <= samples <= MAX_SAMPLES:
        raise HubError("hub.out_of_range", name="samples", low=1, high=MAX_SAMPLES)
    if sampling.temperature == 0 and samples > 1:
        raise HubError("prompting.same_samples")
    seeds = [((sampling.seed or 0) + i) % 2**32 for i in range(samples)]
    runs = [(messages, replace(sampling, seed=seed, top_logprobs=1)) for seed in seeds]
    with closing(race(engine, runs, width=WIDTH)) as states:
        for answers in states:
            ended = [answer.finish_reason is not None for answer in answers]
            extracted = (
                final_answer(a.text) if done else None for a, done in zip(answers, ended, strict=True)
            )
            yield Vote(answers, tuple(extracted))
