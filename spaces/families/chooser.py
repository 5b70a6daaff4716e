"""Which family fits a task: understand, generate or transform? Likeness to described tasks, and telling
words."""

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from spaces.families.attention_masks import FAMILIES, Family
from spaces.families.choose_model import sentence
from spaces.families.tasks import EXAMPLES, RULES

NEAREST = 3
RULE_WEIGHT = 0.25
"""What one telling word adds to a family's score: as much as being .25 closer in cosine."""
_CJK = re.compile(r"[\u3400-\u9fff]")
Encode = Callable[[Sequence[str]], np.ndarray]


@dataclass(frozen=True)
class Near:
    """A described task, its family, and its likeness to the visitor's."""

    task: str
    family: Family
    likeness: float


@dataclass(frozen=True)
class Choice:
    """The family that fits best, and why: scores, the nearest described tasks, the telling words found."""

    family: Family
    scores: dict[Family, float]
    nearest: tuple[Near, ...]
    words: dict[Family, tuple[str, ...]]
    language: str

    @property
    def clear(self) -> bool:
        """Whether the best is well ahead of the second."""
        first, second = sorted(self.scores.values(), reverse=True)[:2]
        return first - second >= 0.08


def language_of(text: str) -> str:
    return "zh" if _CJK.search(text) else "en"


def choose(text: object, encode: Encode) -> Choice:
    """`encode` makes unit vectors of English texts. MiniLM reads no Chinese: there, character pairs are
    compared."""
    task = sentence(text)
    language = language_of(task)
    names, families = described(language)
    likeness = _chinese(task) if language == "zh" else _vectors(encode) @ encode([task])[0]
    words = telling(task, language)
    scores: dict[Family, float] = {}
    for family in FAMILIES:
        own = np.sort(likeness[[f == family for f in families]])[::-1][:NEAREST]
        scores[family] = float(own.mean()) + RULE_WEIGHT * min(2, len(words[family]))
    order = np.argsort(-likeness)[:5]
    nearest = tuple(Near(names[n], families[n], float(likeness[n])) for n in order)
    return Choice(max(FAMILIES, key=lambda f: scores[f]), scores, nearest, words, language)


def described(language: str) -> tuple[list[str], list[Family]]:
    """The tasks that are compared with, and their families."""
    column = 1 if language == "zh" else 0
    pairs = [(task[column], family) for family in FAMILIES for task in EXAMPLES[family]]
    return [task for task, _ in pairs], [family for _, family in pairs]


def telling(task: str, language: str) -> dict[Family, tuple[str, ...]]:
    """The words of `task` that speak for each family."""
    column = 1 if language == "zh" else 0
    lower = f" {task.lower()} "
    return {
        f: tuple(w.strip() for w in RULES[f][column] if (w if language == "zh" else " " + w) in lower)
        for f in FAMILIES
    }


def _chinese(task: str) -> np.ndarray:
    model, table = _characters()
    return np.asarray((table @ model.transform([task]).T).todense())[:, 0]


_lock = threading.Lock()
_kept: dict[str, Any] = {}


def _characters() -> Any:
    from sklearn.feature_extraction.text import TfidfVectorizer

    with _lock:
        if "zh" not in _kept:
            model = TfidfVectorizer(analyzer="char", ngram_range=(1, 2), sublinear_tf=True)
            _kept["zh"] = (model, model.fit_transform(described("zh")[0]))
        return _kept["zh"]


def _vectors(encode: Encode) -> np.ndarray:
    with _lock:
        if "en" not in _kept:
            _kept["en"] = encode(described("en")[0])
        return _kept["en"]
