"""The lab's endpoints for gradio_client; null means the default."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from shared.data.registry import open_dataset
from shared.data.tables import read_table
from shared.errors import HubError
from shared.ui import API_MODEL, MODEL, handler
from shared.uploads import take_upload
from spaces.classification.classify import check_texts, classify
from spaces.classification.measure import Figures, measure
from spaces.classification.run import Method, Options, Outcome, check_method, run
from spaces.classification.split import Split, check_seed, check_test_size, make_split

EMBEDDED = "pang-lee"


def classify_texts(
    texts: list[str], method: str | None = None, labels: list[str] | None = None
) -> dict[str, Any]:
    """The label of each text and its score.

    method: task_model, embedding_classifier (default), centroid, zero_shot, generative or few_shot; those
    that learn do so from the training part of the embedded reviews. labels: for zero_shot the descriptions
    and for generative the names to choose from, as many as you like; for the others names for neg and pos, in
    this order."""
    chosen = check_method("embedding_classifier" if method is None else method)
    checked = check_texts(texts)
    split = make_split(open_dataset(EMBEDDED))
    names = check_labels(labels)
    if names is not None:
        if chosen in ("zero_shot", "generative"):
            # any labels at all: nothing is learned from the reviews
            split = replace(split, classes=names)
        elif len(names) != len(split.classes):
            raise HubError(
                "classification.labels_count",
                given=len(names),
                wanted=len(split.classes),
                names=", ".join(split.classes),
            )
    # a task model's labels are mapped by meaning here: its names are the model's own business
    options = Options() if chosen == "task_model" else with_labels(chosen, names)
    opinion = classify(chosen, checked, split, options)
    shown = dict(zip(split.classes, names or split.classes, strict=True))
    place = {name: n for n, name in enumerate(opinion.classes)}
    return {
        "labels": [shown[name] for name in opinion.predicted],
        "scores": [
            float(row[place[name]]) for name, row in zip(opinion.predicted, opinion.scores, strict=True)
        ],
        "all_scores": [{shown[name]: float(row[n]) for name, n in place.items()} for row in opinion.scores],
    }


def classify_evaluate(
    file: Any = None,
    text_column: str | None = None,
    label_column: str | None = None,
    method: str | None = None,
    labels: Any = None,
    test_size: float | None = None,
    seed: float | None = None,
) -> dict[str, Any]:
    """Trains and tests `method` on an uploaded table (CSV, TSV, JSONL), or on the embedded reviews.

    A column `split` (train, test) is obeyed; without one `test_size` (0.25) of the rows are drawn with `seed`
    (42), stratified. labels: for zero_shot the descriptions, in the order of the sorted class names."""
    if file is not None:
        table = read_table(take_upload(file), Path(str(file)).name)
    chosen = check_method("embedding_classifier" if method is None else method)
    size, number = check_test_size(test_size), check_seed(seed)
    names = check_labels(labels)
    if file is None:
        table = open_dataset(EMBEDDED)
    split = make_split(table, text_column or None, label_column or None, size, number)
    outcome = run(chosen, split, with_labels(chosen, names, number))
    return answer(split, outcome, figures_of(split, outcome, number))


def check_labels(labels: Any) -> tuple[str, ...] | None:
    """A list of two or more different texts; None or empty: the default. Raises HubError."""
    if labels is None or labels == [] or labels == "":
        return None
    if not isinstance(labels, list | tuple) or not all(isinstance(label, str) for label in labels):
        raise HubError("classification.labels_not_list")
    names = tuple(label.strip() for label in labels)
    if len(set(names)) != len(names) or len(names) < 2:
        raise HubError("classification.labels_not_list")
    return names


def with_labels(method: Method, names: tuple[str, ...] | None, seed: int = 42) -> Options:
    """The options that `labels` of an endpoint stands for under `method`."""
    if names is None:
        return Options(seed=seed)
    if method == "zero_shot":
        return Options(descriptions=names, seed=seed)
    if method == "generative":
        return Options(names=names, seed=seed)
    if method == "task_model":
        return Options(mapping=names, seed=seed)
    return Options(seed=seed)


def figures_of(split: Split, outcome: Outcome, seed: int) -> Figures:
    return measure([split.labels[i] for i in outcome.test], outcome.predicted, split.classes, seed)


def answer(split: Split, outcome: Outcome, figures: Figures) -> dict[str, Any]:
    """What `/classify_evaluate` returns."""
    return {
        "macro_f1": figures.macro_f1,
        "accuracy": figures.accuracy,
        "interval": list(figures.interval),
        "per_class": {
            row.label: {
                "precision": row.precision,
                "recall": row.recall,
                "f1": row.f1,
                "support": row.support,
            }
            for row in figures.per_class
        },
        "confusion": [list(row) for row in figures.confusion],
        "docs_per_s": outcome.docs_per_s,
        "classes": list(split.classes),
        "model": outcome.model,
        "model_bytes": outcome.model_bytes,
        "train": len(split.train),
        "test": len(outcome.test),
    }


def api() -> None:
    """Registers the endpoints, at start. The one with a file is a hidden form: gr.api would take any path of
    this machine for a file."""
    gr.api(handler(classify_texts), api_name="classify_texts", **API_MODEL)
    with gr.Row(visible=False):
        inputs = [
            gr.File(label="file"),
            gr.Textbox(None, label="text_column"),
            gr.Textbox(None, label="label_column"),
            gr.Textbox(None, label="method"),
            gr.JSON(label="labels"),
            gr.Number(None, label="test_size"),
            gr.Number(None, label="seed"),
        ]
        result = gr.JSON(label="result")
        event: dict[str, Any] = {**MODEL, "api_visibility": "public", "api_name": "classify_evaluate"}
        gr.Button().click(handler(classify_evaluate), inputs, result, **event)
