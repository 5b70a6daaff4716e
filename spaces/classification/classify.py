"""New texts, one or many, under a method that learned from the training part of a split."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shared.data.embeddings import embed
from shared.engines.validation import check_text
from shared.errors import HubError
from shared.models import MODELS, cache
from shared.models.registry import DEFAULT_EMBED
from spaces.classification import few_shot, generative, task_model, vectors
from spaces.classification.labels import check_descriptions, check_mapping, default_names
from spaces.classification.run import Method, Options, Progress, few_shot_examples, step
from spaces.classification.split import Split

MAX_TEXTS = 1000
MAX_CHARACTERS = 100_000


@dataclass(frozen=True)
class Opinion:
    """`predicted[i]` is the class of text i, `scores[i]` how strongly each class was believed."""

    predicted: tuple[str, ...]
    scores: np.ndarray
    classes: tuple[str, ...]
    model: str


def check_texts(texts: object) -> list[str]:
    """Raises HubError when they are no texts, none, or too many."""
    if not isinstance(texts, list | tuple) or not all(isinstance(text, str) for text in texts):
        raise HubError("classification.not_texts")
    if not texts or not any(text.strip() for text in texts):
        raise HubError("classification.no_texts")
    if len(texts) > MAX_TEXTS:
        raise HubError("classification.too_many_texts", count=len(texts), limit=MAX_TEXTS)
    for text in texts:
        check_text(text)
        if len(text) > MAX_CHARACTERS:
            raise HubError("classification.text_too_long", count=len(text), limit=MAX_CHARACTERS)
    return list(texts)


def classify(
    method: Method, texts: Sequence[str], split: Split, options: Options, progress: Progress | None = None
) -> Opinion:
    """What `method` says of `texts`; scores are probabilities, or cosines for centroid and zero_shot."""
    if method == "task_model":
        spec = task_model.choose_model(options.sentiment, texts)
        with cache().lease(spec) as weights:
            mapping = check_mapping(options.mapping, task_model.model_labels(weights), split.classes)
            probs = task_model.probabilities(weights, texts, step(progress, "reading"))
        return _opinion(task_model.mapped_scores(probs, mapping, split.classes), split, spec.name)
    if method == "generative":
        spec = generative.choose_model(options.chat)
        names = list(options.names or default_names(split.classes))
        with cache().lease(spec) as engine:
            chosen, scores = generative.classify(
                engine, texts, names, options.prompt, step(progress, "asking")
            )
        predicted = tuple(split.classes[i] for i in chosen)
        return Opinion(predicted, scores, split.classes, spec.name)
    name = MODELS[DEFAULT_EMBED].name
    if method == "few_shot":
        tuned = few_shot.train(
            *few_shot_examples(split, options),
            steps=options.steps,
            seed=options.seed,
            progress=step(progress, "training"),
        )
        probs = tuned.head.predict_proba(few_shot.encode(tuned.encoder, texts))
        return _opinion(vectors.in_order(probs, tuned.head.classes_, split.classes), split, name)
    new = embed(texts, keep=False).array
    if method == "zero_shot":
        descriptions = check_descriptions(options.descriptions, split.classes)
        return _opinion(vectors.cosines(new, embed(descriptions, keep=False).array), split, name)
    array = embed(split.texts, progress=step(progress, "embedding")).array[list(split.train)]
    _, labels = split.part(split.train)
    if method == "centroid":
        return _opinion(vectors.cosines(new, vectors.centroids(array, labels, split.classes)), split, name)
    return _opinion(vectors.logistic_regression(array, labels, new, split.classes), split, name)


def _opinion(scores: np.ndarray, split: Split, model: str) -> Opinion:
    return Opinion(tuple(split.classes[i] for i in scores.argmax(axis=1)), scores, split.classes, model)
