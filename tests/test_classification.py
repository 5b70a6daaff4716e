"""The classification lab against scikit-learn, sentence-transformers and scipy on the same predictions, the
endpoints over HTTP, and the page in Chromium."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import contextlib
import copy
import csv
import io
import os
import re
import subprocess
import sys
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import gradio as gr
import numpy as np
import pytest
from gradio_client import Client, handle_file
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support
from sklearn.model_selection import train_test_split

from shared import i18n
from shared.data.registry import open_dataset
from shared.data.tables import Table, read_table
from shared.engines.base import Candidate, Delta, Token
from shared.errors import HubError
from shared.models import MODELS, cache, hub
from shared.models.registry import ModelSpec
from shared.texts import TEXTS as HUB_TEXTS
from spaces.classification import SPACE, few_shot, generative, task_model
from spaces.classification.background import Result, Step, in_background
from spaces.classification.classify import check_texts, classify
from spaces.classification.curve import learning_curve, sizes
from spaces.classification.endpoints import figures_of
from spaces.classification.form import FIELDS, Board, Form
from spaces.classification.labels import (
    check_descriptions,
    check_mapping,
    default_descriptions,
    default_names,
    guess_mapping,
    polarity,
)
from spaces.classification.measure import RESAMPLES, bootstrap_interval, mcnemar, measure
from spaces.classification.reviews import CHINESE, chinese_reviews, open_named
from spaces.classification.run import METHODS, Options, run, sample_of
from spaces.classification.snippet import snippet
from spaces.classification.split import make_split, sort_classes
from spaces.classification.trap import RULES, read_all
from spaces.classification.ui_board import compare_two, leaderboard_csv, live_descriptions, predictions_csv
from spaces.classification.ui_errors import cell_rows
from tests import checkpoints

i18n.register("hub", HUB_TEXTS)
i18n.register("classification", SPACE.texts)

EVIL = "<script>alert(1)</script><img src=x onerror=alert(2)>"


@pytest.fixture(scope="module")
def split():
    return make_split(open_dataset("pang-lee"))


@pytest.fixture(scope="module")
def reference(split) -> dict[str, np.ndarray]:
    """sentence-transformers' own vectors of all reviews and of the chapter's two descriptions."""
    with cache().lease(MODELS["minilm-l6"]) as model:
        return {
            "texts": model.encode(list(split.texts), normalize_embeddings=True),
            "descriptions": model.encode(
                ["A negative movie review", "A positive movie review"], normalize_embeddings=True
            ),
        }


@pytest.fixture(scope="module")
def outcomes(split):
    return {
        method: run(method, split, Options()) for method in ("embedding_classifier", "centroid", "zero_shot")
    }


@pytest.fixture(scope="module")
def board(split, outcomes) -> Board:
    found = Board(split, 42, {})
    for outcome in outcomes.values():
        found = found.plus(outcome)
    return found


def refusal(call, *args, **kwargs) -> HubError:
    with pytest.raises(HubError) as caught:
        call(*args, **kwargs)
    for lang in i18n.LANGS:
        sentence = i18n.explain(caught.value, lang)
        assert sentence != caught.value.key and "\n" not in sentence and len(sentence) < 500
    return caught.value


def a_table(rows: list[tuple[str, ...]], header: str = "text,label") -> Table:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return read_table(out.getvalue().encode(), "a.csv")


# The cut


def test_cut_is_scikit_learns_stratified_one(split):
    table = open_dataset("pang-lee")
    texts, labels = table.columns["text"], table.columns["label"]
    train, test = train_test_split(range(200), test_size=0.25, random_state=42, stratify=labels)
    assert (split.train, split.test) == (tuple(train), tuple(test))
    assert split.part(split.test) == ([texts[i] for i in test], [labels[i] for i in test])


def test_split_column_is_obeyed_and_a_validation_part_stays_unused():
    parts = ["train"] * 4 + ["validation"] * 2 + ["test"] * 2
    rows = [(f"text {n}", "ab"[n % 2], part) for n, part in enumerate(parts)]
    cut = make_split(a_table(rows, "text,label,split"))
    assert cut.obeyed and cut.train == (0, 1, 2, 3) and cut.test == (6, 7)
    without = [row for row in rows if row[2] != "test"]
    assert make_split(a_table(without, "text,label,split")).test == (4, 5)


def test_rows_without_text_or_label_are_counted_and_left_out():
    rows = [("a", "x"), ("b", "y"), ("", "x"), ("c", ""), ("d", "x"), ("e", "y"), ("a", "x"), ("f", "y")]
    cut = make_split(a_table(rows), test_size=0.5)
    assert (cut.no_text, cut.no_label, cut.repeated) == (1, 1, 1)
    assert len(cut.train) + len(cut.test) == 6
    trained = {cut.texts[i] for i in cut.train}
    assert cut.leaked == sum(cut.texts[i] in trained for i in cut.test)


def test_limit_keeps_the_shares_of_the_classes():
    rows = [(f"text {n}", "rare" if n % 10 == 0 else "common") for n in range(1000)]
    cut = make_split(a_table(rows), limit=200)
    assert Counter(cut.labels) == {"common": 180, "rare": 20} and cut.left_out == 800


def test_classes_that_are_numbers_are_sorted_as_numbers():
    assert sort_classes({"10", "9", "0"}) == ("0", "9", "10")
    assert sort_classes({"pos", "neg"}) == ("neg", "pos")


@pytest.mark.parametrize(
    ("rows", "kwargs", "key"),
    [
        ([("only", "x")], {}, "too_few_rows"),
        ([(f"t{n}", "x") for n in range(9)], {"label_column": "label"}, "one_class"),
        ([(f"t{n}", "") for n in range(9)], {"label_column": "label"}, "no_labels"),
        ([(f"t{n}", "x" if n else "y") for n in range(9)], {}, "rare_class"),
        ([(f"t{n}", str(n // 2)) for n in range(120)], {"label_column": "label"}, "too_many_classes"),
        ([(f"t{n}", str(n // 2)) for n in range(10)], {"test_size": 0.2}, "small_part"),
    ],
)
def test_data_that_cannot_be_classified_say_why(rows, kwargs, key):
    assert refusal(make_split, a_table(rows), **kwargs).key == f"classification.{key}"


def test_table_without_anything_like_labels_asks_for_the_column():
    table = a_table([(f"long text {n}", f"different {n}") for n in range(9)], "text,remark")
    assert refusal(make_split, table).key == "classification.no_label_column"


def test_column_size_and_seed_that_make_no_sense_are_refused():
    table = a_table([(f"t{n}", "ab"[n % 2]) for n in range(9)])
    assert refusal(make_split, table, "nope").key == "hub.data_no_column"
    for values in ({"test_size": 0}, {"test_size": 1.5}, {"test_size": "x"}, {"seed": -1}, {"seed": 1.5}):
        assert refusal(make_split, table, **values).key == "hub.out_of_range"


# The figures


@pytest.mark.parametrize("method", ["embedding_classifier", "centroid", "zero_shot"])
def test_figures_are_scikit_learns_on_the_same_predictions(split, outcomes, method):
    outcome = outcomes[method]
    _, true = split.part(outcome.test)
    figures = figures_of(split, outcome, 42)
    assert figures.macro_f1 == f1_score(true, outcome.predicted, average="macro")
    assert figures.accuracy == accuracy_score(true, outcome.predicted)
    assert figures.confusion == tuple(map(tuple, confusion_matrix(true, outcome.predicted)))
    expected = precision_recall_fscore_support(true, outcome.predicted)
    found = [(row.precision, row.recall, row.f1, row.support) for row in figures.per_class]
    assert found == [tuple(column) for column in zip(*expected, strict=True)]


def test_interval_is_the_bootstraps():
    right = np.array([1] * 37 + [0] * 13)
    rng = np.random.default_rng(0)
    means = [rng.choice(right, 50).mean() for _ in range(20_000)]
    expected = np.percentile(means, [2.5, 97.5])
    np.testing.assert_allclose(bootstrap_interval(0.74, 50), expected, atol=0.021)
    assert bootstrap_interval(0.74, 50, 7) == bootstrap_interval(0.74, 50, 7)
    assert bootstrap_interval(1.0, 50) == (1.0, 1.0) and RESAMPLES >= 1000


def test_mcnemar_is_the_exact_binomial_test():
    true = ["a"] * 20
    one = ["a"] * 15 + ["b"] * 5
    other = ["a"] * 7 + ["b"] * 10 + ["a"] * 3
    found = mcnemar(true, one, other)
    assert (found.only_a, found.only_b, found.count) == (8, 3, 20)
    # two-sided: 2 * P(at most 3 heads of 11)
    assert found.p == pytest.approx(2 * sum((1, 11, 55, 165)) / 2**11)
    assert mcnemar(true, one, one).p == 1.0


def test_a_class_that_was_never_predicted_counts_as_zero():
    figures = measure(["a", "b", "c"], ["a", "a", "a"], ["a", "b", "c"])
    assert figures.macro_f1 == pytest.approx(0.5 / 3)


# Methods on embeddings


def test_logistic_regression_is_the_bare_one(split, outcomes, reference):
    _, labels = split.part(split.train)
    fitted = LogisticRegression(random_state=42).fit(reference["texts"][list(split.train)], labels)
    test = reference["texts"][list(split.test)]
    assert list(outcomes["embedding_classifier"].predicted) == fitted.predict(test).tolist()
    np.testing.assert_allclose(outcomes["embedding_classifier"].scores, fitted.predict_proba(test), atol=1e-4)


def test_centroid_is_sklearns_nearest_centroid_on_unit_means(split, outcomes, reference):
    train, test = (reference["texts"][list(part)] for part in (split.train, split.test))
    labels = np.array(split.part(split.train)[1])
    means = np.stack([train[labels == name].mean(axis=0) for name in ("neg", "pos")])
    means /= np.linalg.norm(means, axis=1, keepdims=True)
    expected = [("neg", "pos")[i] for i in (test @ means.T).argmax(axis=1)]
    assert list(outcomes["centroid"].predicted) == expected


def test_zero_shot_is_the_chapters_cosine_with_the_chapters_descriptions(split, outcomes, reference):
    similarity = reference["texts"][list(split.test)] @ reference["descriptions"].T
    expected = [("neg", "pos")[i] for i in similarity.argmax(axis=1)]
    assert list(outcomes["zero_shot"].predicted) == expected


def test_descriptions_swapped_swap_the_answers(split, outcomes):
    swapped = run(
        "zero_shot", split, Options(descriptions=("A positive movie review", "A negative movie review"))
    )
    other = {"neg": "pos", "pos": "neg"}
    assert [other[label] for label in swapped.predicted] == list(outcomes["zero_shot"].predicted)


def test_live_descriptions_change_the_row_and_leave_the_others(board):
    changed, html, _ = live_descriptions(board, "A bad film\nA good film")
    assert "A bad film / A good film" in html
    assert changed.outcomes["centroid"] is board.outcomes["centroid"]
    skipped, _, sentence = live_descriptions(board, "only one line")
    assert not isinstance(skipped, Board) and "2" in sentence
    _, html, _ = live_descriptions(board, f"{EVIL}\nA good film")
    assert "<script" not in html and "&lt;script&gt;" in html


def test_chinese_classes_and_emoji_go_through_every_method_on_vectors():
    cut = make_split(open_named(CHINESE))
    assert cut.classes == ("好评", "差评") and len(cut.texts) == 40
    for method in ("embedding_classifier", "centroid", "zero_shot"):
        assert set(run(method, cut, Options()).predicted) <= set(cut.classes)
        said = classify(method, ["😀 great 很好看", ""], cut, Options())
        assert len(said.predicted) == 2 and np.isfinite(said.scores).all()


# What labels mean


def test_polarity_goes_by_the_first_word():
    meanings = {
        "neg": "negative",
        "POSITIVE": "positive",
        "negative (stars 1, 2 and 3)": "negative",
        "neutral": "neutral",
        "好评": "positive",
        "差评": "negative",
        "LABEL_1": "",
        "sports": "",
    }
    assert {label: polarity(label) for label in meanings} == meanings


@pytest.mark.parametrize(
    ("own", "classes", "mapped"),
    [
        (("NEGATIVE", "POSITIVE"), ("neg", "pos"), ("neg", "pos")),
        (("negative", "neutral", "positive"), ("neg", "pos"), ("neg", "", "pos")),
        (("negative (stars 1, 2 and 3)", "positive (stars 4 and 5)"), ("好评", "差评"), ("差评", "好评")),
        (("LABEL_0", "LABEL_1"), ("neg", "pos"), ("neg", "pos")),
        (("NEGATIVE", "POSITIVE"), ("0", "1"), ("0", "1")),
        (
            ("positive", "negative", "neutral"),
            ("negative", "neutral", "positive"),
            ("positive", "negative", "neutral"),
        ),
    ],
)
def test_mapping_is_guessed_by_meaning_then_by_order(own, classes, mapped):
    assert guess_mapping(own, classes) == mapped


def test_mapping_can_be_chosen_and_must_be_complete():
    own, classes = ("negative", "neutral", "positive"), ("neg", "pos")
    assert check_mapping(("neg", "neg", "pos"), own, classes) == ("neg", "neg", "pos")
    for wrong in (("neg", "pos"), ("neg", "neg", "neg"), ("neg", "", "joy")):
        assert refusal(check_mapping, wrong, own, classes).key == "classification.bad_mapping"
    assert refusal(guess_mapping, own, ("joy", "fear")).key == "classification.no_mapping"


def test_default_words_are_the_chapters_for_reviews_and_the_names_for_the_rest():
    assert default_descriptions(("neg", "pos")) == ("A negative movie review", "A positive movie review")
    assert default_names(("neg", "pos")) == ("negative", "positive")
    assert default_descriptions(("joy", "fear")) == default_names(("joy", "fear")) == ("joy", "fear")
    assert refusal(check_descriptions, ["one"], ("a", "b")).key == "classification.labels_count"


# The task model


@pytest.fixture
def tiny_sentiment(tmp_path, monkeypatch):
    """A three-class RoBERTa with random weights, named by the setting HUB_MODELS, in a real lease."""
    from shared import settings as module
    from shared.models import loaders

    spec = ModelSpec(
        key="tiny-sentiment",
        name="tiny sentiment",
        task="sentiment",
        engine="transformers",
        repo="test/tiny",
        licence="mit",
        parameters=1,
        bytes=1_000_000,
        dtype="float32",
        files=("*",),
    )
    checkpoints.roberta(tmp_path)
    monkeypatch.setitem(MODELS, spec.key, spec)
    monkeypatch.setattr(loaders, "fetch", lambda asked: tmp_path if asked.key == spec.key else None)
    yield spec
    cache().unload(spec)
    assert module


def test_task_model_gives_the_models_own_softmax_mapped(tiny_sentiment, split):
    import torch

    texts, true = split.part(split.test)
    outcome = run("task_model", split, Options(sentiment=tiny_sentiment.key))
    with cache().lease(tiny_sentiment) as weights:
        probs = []
        for text in texts:
            inputs = weights.tokenizer(text, return_tensors="pt", truncation=True, max_length=128)
            with torch.no_grad():
                probs.append(torch.softmax(weights.model(**inputs).logits[0], -1).numpy())
    both = np.array(probs)[:, [0, 2]]
    np.testing.assert_allclose(outcome.scores, both / both.sum(axis=1, keepdims=True), atol=1e-4)
    assert "neutral → —" in outcome.detail["mapping"]
    leaning = run("task_model", split, Options(sentiment=tiny_sentiment.key, mapping=("neg", "pos", "pos")))
    expected = np.array(probs) @ np.array([[1, 0], [0, 1], [0, 1]])
    np.testing.assert_allclose(leaning.scores, expected, atol=1e-4)
    assert len(true) == len(outcome.predicted)


def test_offline_without_a_sentiment_model_says_so(split, monkeypatch):
    monkeypatch.setattr(hub, "_online", False)
    error = refusal(run, "task_model", split, Options())
    assert error.key == "classification.no_task_model"
    assert refusal(task_model.choose_model, "minilm-l6", []).key == "hub.unknown_model"


# The chat model


def engine_that_says(answers: dict[str, str], top=()) -> SimpleNamespace:
    def stream(messages, sampling):
        text = messages[-1]["content"]
        assert sampling.json_schema["enum"] and sampling.temperature == 0
        said = next(answer for part, answer in answers.items() if part in text)
        quote = Token(1, '"', b'"', -0.1)
        word = Token(2, said, said.encode(), -0.1, tuple(top))
        yield Delta(text='"', tokens=(quote,))
        yield Delta(text=said, tokens=(word,))
        yield Delta(text='"', tokens=(quote,), finish_reason="stop")

    return SimpleNamespace(stream=stream, active=1, device="CPU")


def test_chat_answers_become_labels_in_the_order_of_the_texts():
    engine = engine_that_says({"good": "positive", "bad": "negative"})
    texts = ["good", "bad", "bad", "good", "bad", "good"]
    seen = []
    chosen, scores = generative.classify(
        engine, texts, ["negative", "positive"], progress=lambda done, total: seen.append((done, total))
    )
    assert chosen.tolist() == [1, 0, 0, 1, 0, 1]
    assert scores.argmax(axis=1).tolist() == chosen.tolist()
    assert seen == [(n, 6) for n in range(1, 7)]


def test_scores_are_the_probabilities_where_the_names_part():
    top = [
        Candidate(5, "neg", b"neg", float(np.log(0.2))),
        Candidate(6, "pos", b"pos", float(np.log(0.1))),
        Candidate(7, "positive", b"positive", float(np.log(0.1))),
        Candidate(8, "banana", b"banana", float(np.log(0.5))),
    ]
    engine = engine_that_says({"": "negative"}, top)
    _, scores = generative.ask(engine, "{text}", "x", ["negative", "positive"])
    np.testing.assert_allclose(scores, [0.5, 0.5], atol=1e-6)


def test_braces_in_a_text_or_prompt_stay_as_they_are():
    (message,) = generative.messages_for("{labels}: {text} {other}", "a {labels} {0}", ["x", "y"])
    assert message["content"] == "x, y: a {labels} {0} {other}"
    assert refusal(generative.check_prompt, "no place for it").key == "classification.prompt_no_text"


def test_embedded_chat_model_answers_with_labels_only_on_a_seeded_sample(split):
    options = Options(sample=4, seed=3)
    outcome = run("generative", split, options)
    assert len(outcome.test) == 4 and set(outcome.predicted) <= {"neg", "pos"}
    assert outcome.test == sample_of(split, 4, 3) and outcome.detail["sample"] == "4"
    np.testing.assert_allclose(outcome.scores.sum(axis=1), 1, atol=1e-5)


# Few-shot tuning


def test_few_shot_moves_classes_apart_and_leaves_the_shared_encoder_alone(split):
    from shared.data.embeddings import embed

    with cache().lease(MODELS["minilm-l6"]) as model:
        before = {name: value.clone() for name, value in model.state_dict().items()}
        assert not any(parameter.grad is not None for parameter in model.parameters())
    seen = []
    texts, labels = split.part(
        [split.train[i] for i in few_shot.pick_examples(split.part(split.train)[1], 4, 1)]
    )
    tuned = few_shot.train(texts, labels, steps=5, seed=1, progress=lambda *now: seen.append(now))
    assert tuned.losses[-1] < tuned.losses[0] and seen[-1] == (5, 5)
    with cache().lease(MODELS["minilm-l6"]) as model:
        assert all(value.equal(before[name]) for name, value in model.state_dict().items())

    def gap(vectors: np.ndarray) -> float:
        same = np.equal.outer(labels, labels)
        cosine = vectors @ vectors.T
        return float(cosine[same & ~np.eye(len(labels), dtype=bool)].mean() - cosine[~same].mean())

    assert gap(few_shot.encode(tuned.encoder, texts)) > gap(embed(texts).array) + 0.01
    again = few_shot.train(texts, labels, steps=5, seed=1)
    assert again is tuned


def test_few_shot_loss_is_the_mean_squared_error_of_the_cosines():
    import torch

    angles = torch.tensor([0.0, 0.4, 1.3])
    vectors = 3 * torch.stack([angles.cos(), angles.sin()], dim=1)
    same = torch.tensor([[True, True, False], [True, True, False], [False, False, True]])
    alike = (np.cos(0.4) - 1) ** 2
    apart = (np.cos(1.3) ** 2 + np.cos(0.9) ** 2) / 2
    assert float(few_shot.contrastive_loss(vectors, same)) == pytest.approx((alike + apart) / 2, rel=1e-5)


def test_few_shot_stops_when_nobody_waits(split):
    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise Stop

    with pytest.raises(Stop):
        few_shot.train(["a b c", "d e f"], ["x", "y"], steps=100, seed=9, progress=stop)
    assert not few_shot._training.locked()


def test_examples_are_k_of_each_class(split):
    labels = ["a"] * 50 + ["b"] * 3 + ["c"] * 9
    rows = few_shot.pick_examples(labels, 5, 0)
    assert Counter(labels[i] for i in rows) == {"a": 5, "b": 3, "c": 5} and len(set(rows)) == 13
    batch = few_shot.draw_batch([str(n % 20) for n in range(200)], np.random.default_rng(0))
    assert len(batch) == few_shot.BATCH and set(Counter(n % 20 for n in batch).values()) == {2}


# Curve, trap, errors


def test_learning_curve_ends_where_the_leaderboard_is(split, outcomes, reference):
    curve = learning_curve(reference["texts"], split, reference["descriptions"], seeds=2)
    assert curve.labels == (2, 4, 8, 16, 32, 64, 128, 150)
    figures = {method: figures_of(split, outcome, 42).accuracy for method, outcome in outcomes.items()}
    assert curve.accuracy["embedding_classifier"][:, -1] == pytest.approx(
        [figures["embedding_classifier"]] * 2
    )
    assert curve.accuracy["centroid"][:, -1] == pytest.approx([figures["centroid"]] * 2)
    assert curve.zero_shot == pytest.approx(figures["zero_shot"])
    assert sizes([1, 9]) == [1] and sizes([5, 9]) == [1, 2, 4, 5]


def test_the_trap_calls_everything_negative_and_the_right_reading_does_not():
    good = [True, False, True, True]
    found = {(r.rule, r.naming): r for r in read_all([0.9, 0.2, 0.7, 0.4], good)}
    for naming in ("dianping", "sst-2", "unnamed"):
        for rule in ("equals", "get"):
            assert found[rule, naming].positive == 0 and found[rule, naming].accuracy == 0.25
        assert found["index", naming].accuracy == 0.75
    assert found["first_word", "dianping"].accuracy == 0.75 and found["first_word", "unnamed"].positive == 0
    assert set(RULES) == {rule for rule, _ in found}


def test_chinese_reviews_are_balanced_and_different():
    table = chinese_reviews()
    assert Counter(table.columns["label"]) == {"好评": 20, "差评": 20}
    assert len(set(table.columns["text"])) == 40


def test_most_confidently_wrong_texts_come_first(board):
    outcome = board.outcomes["embedding_classifier"]
    rows = cell_rows(board, outcome, (1, 0))
    assert len(rows) == figures_of(board.split, outcome, 42).confusion[1][0]
    scores = [score for score, _ in rows]
    assert scores == sorted(scores, reverse=True) and min(scores) > 0.5
    assert all(board.split.labels[board.split.texts.index(text)] == "pos" for _, text in rows)


def test_comparison_is_made_on_common_texts_in_one_sentence(board):
    part = board.outcomes["centroid"]
    part = replace(part, test=part.test[:10], predicted=part.predicted[:10], scores=part.scores[:10])
    smaller = board.plus(part)
    sentence = re.sub("<.*?>", "", compare_two(smaller, "embedding_classifier", "centroid"))
    assert sentence.startswith("O") and " 10 texts" in sentence and sentence.count(". ") == 0


def test_downloads_hold_the_board_and_every_prediction(board):
    rows = list(csv.DictReader(io.StringIO(leaderboard_csv(board).lstrip("\ufeff"))))
    assert [row["method"] for row in rows] == ["embedding_classifier", "centroid", "zero_shot"]
    said = list(csv.DictReader(io.StringIO(predictions_csv(board).lstrip("\ufeff"))))
    assert len(said) == 50
    right = sum(row["label"] == row["centroid"] for row in said) / 50
    assert float(rows[1]["accuracy"]) == pytest.approx(right)


def test_states_can_be_copied_by_gradio(board):
    assert copy.deepcopy(board).split == board.split


# Stop


def test_closing_the_stream_ends_the_work():
    ended = []

    def work(progress):
        try:
            for n in range(1000):
                progress("embedding", n, 1000)
                time.sleep(0.01)
        finally:
            ended.append(n)

    with closing(in_background(work)) as events:
        assert isinstance(next(events), Step)
    time.sleep(0.3)
    assert ended and ended[0] < 60


def test_background_hands_over_result_and_error():
    (result,) = list(in_background(lambda progress: 42))
    assert result == Result(42)
    with pytest.raises(HubError):
        list(in_background(lambda progress: check_texts([])))


# Endpoints


@pytest.fixture(scope="module")
def client() -> Client:
    """Nothing but this lab's endpoints, over HTTP."""
    with gr.Blocks() as demo:
        SPACE.api()
    _, url, _ = demo.queue(api_open=False).launch(prevent_thread_lock=True, quiet=True)
    yield Client(url, verbose=False)
    demo.close()


def evaluate(client: Client, *values) -> dict:
    return client.predict(*values, *[None] * (7 - len(values)), api_name="/classify_evaluate")


def test_evaluate_without_a_file_is_the_embedded_reviews(client, split, outcomes):
    answer = evaluate(client, None, None, None, "centroid")
    figures = figures_of(split, outcomes["centroid"], 42)
    assert answer["macro_f1"] == pytest.approx(figures.macro_f1)
    assert answer["accuracy"] == pytest.approx(figures.accuracy)
    assert answer["interval"] == pytest.approx(list(figures.interval))
    assert answer["confusion"] == [list(row) for row in figures.confusion]
    assert answer["per_class"]["neg"]["support"] == 25 and answer["docs_per_s"] > 0


def test_evaluate_obeys_the_files_split_and_equals_the_bare_libraries(client, split, reference, tmp_path):
    part = {i: "train" for i in range(0, 200, 2)} | {i: "test" for i in range(1, 200, 2)}
    path = tmp_path / "reviews.csv"
    with path.open("w", encoding="gb18030", newline="") as opened:
        writer = csv.writer(opened, delimiter=";")
        writer.writerow(["said", "mood", "split"])
        for i in range(200):
            writer.writerow([split.texts[i], {"neg": "0", "pos": "1"}[split.labels[i]], part[i]])
    answer = evaluate(client, handle_file(str(path)), "said", "mood", "embedding_classifier")
    labels = np.array([{"neg": "0", "pos": "1"}[label] for label in split.labels])
    fitted = LogisticRegression(random_state=42).fit(reference["texts"][::2], labels[::2])
    predicted = fitted.predict(reference["texts"][1::2])
    assert answer["macro_f1"] == pytest.approx(f1_score(labels[1::2], predicted, average="macro"))
    assert (answer["train"], answer["test"], answer["classes"]) == (100, 100, ["0", "1"])
    zero = evaluate(
        client,
        handle_file(str(path)),
        "said",
        "mood",
        "zero_shot",
        ["A negative movie review", "A positive movie review"],
    )
    said = (reference["texts"][1::2] @ reference["descriptions"].T).argmax(axis=1).astype(str)
    assert zero["macro_f1"] == pytest.approx(f1_score(labels[1::2], said, average="macro"))
    cached = list(Path(os.environ.get("GRADIO_TEMP_DIR", "/tmp/gradio")).rglob("reviews.csv"))
    assert not any(place.stat().st_size for place in cached)


@pytest.mark.parametrize(
    ("content", "name", "values", "words"),
    [
        (b"", "empty.csv", (), "empty"),
        (b"PK\x03\x04" + b"x" * 50, "sheet.csv", (), "Excel"),
        (b"text,label\n" + b"a,x\n" * 9, "one.csv", (None, "label"), "one class"),
        (b"text,label\na,x\n", "single.csv", (), "at least 4"),
        (b"text,label\na,x\nb,y\nc,x\nd,y\n", "x.csv", ("missing",), "no column"),
        (b"text,label\na,x\nb,y\nc,x\nd,y\n", "x.csv", (None, None, "magic"), "no such method"),
        (
            b"text,label\n" + b"a,x\nb,y\n" * 9,
            "x.csv",
            (None, None, "zero_shot", ["one", "two", "three"]),
            "3 labels",
        ),
        (b"text,label\na,x\nb,y\nc,x\nd,y\n", "x.csv", (None, None, None, None, 7), "between"),
    ],
)
def test_bad_files_and_values_are_one_sentence(client, tmp_path, content, name, values, words):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Exception) as caught:
        evaluate(client, handle_file(str(path)), *values)
    message = str(caught.value)
    assert words in message and "\n" not in message and "Traceback" not in message


def test_a_path_of_the_server_is_not_a_file(client):
    with pytest.raises(Exception):  # noqa: B017  (gradio's own refusal)
        evaluate(client, {"path": "/etc/hostname", "meta": {"_type": "gradio.FileData"}})


def test_classify_texts_gives_labels_and_scores(client, split):
    texts = ["a wonderful, moving film", "dull and far too long", EVIL]
    answer = client.predict(texts, "embedding_classifier", None, api_name="/classify_texts")
    expected = classify("embedding_classifier", texts, split, Options())
    assert answer["labels"] == list(expected.predicted) and len(answer["scores"]) == 3
    assert answer["labels"][:2] == ["pos", "neg"]
    own = client.predict(
        ["The striker scored twice.", "The senate passed the bill."],
        "zero_shot",
        ["football", "politics", "cooking"],
        api_name="/classify_texts",
    )
    assert own["labels"] == ["football", "politics"]
    assert set(own["all_scores"][0]) == {"football", "politics", "cooking"}
    named = client.predict(texts[:1], "centroid", ["bad", "good"], api_name="/classify_texts")
    assert named["labels"] == ["good"]


@pytest.mark.parametrize(
    "values",
    [
        ([], "centroid", None),
        (["  "], None, None),
        ("text", "centroid", None),
        ([1, 2], "centroid", None),
        (["a"], "magic", None),
        (["a"], "zero_shot", ["one"]),
        (["a"], "zero_shot", "one"),
        (["a"], "centroid", ["a", "b", "c"]),
        (["a"] * 1001, "centroid", None),
    ],
)
def test_bad_texts_are_one_sentence(client, values):
    with pytest.raises(Exception) as caught:
        client.predict(*values, api_name="/classify_texts")
    message = str(caught.value)
    assert message and "log has the details" not in message and "Traceback" not in message


# Snippets


def the_form(**changes) -> Form:
    values = {
        "held": None,
        "mapping": None,
        "source": "pang-lee",
        "text_column": None,
        "label_column": None,
        "descriptions": "",
        "test_size": 0.25,
        "seed": 42,
        "limit": 2000,
        "k": 8,
        "steps": 3,
        "chat": "smollm2-135m",
        "sample": 4,
        "names": "",
        "prompt": generative.PROMPT,
        "sentiment": "",
    }
    assert tuple(values) == FIELDS
    return Form(**{**values, **changes})


def run_script(code: str, folder: Path) -> str:
    """In a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=240, cwd=folder
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def printed_here(code: str) -> str:
    """In this process: importing torch and scikit-learn again takes longer than the script."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, "snippet", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def test_snippet_of_all_methods_that_run_here_prints_the_boards_figures(split, outcomes, tmp_path):
    methods = ["embedding_classifier", "centroid", "zero_shot", "generative", "few_shot"]
    printed = run_script(snippet("board", methods, the_form()), tmp_path)
    found = dict(re.findall(r"^(.+): macro F1 ([\d.]+)$", printed, re.M))
    names = {
        "embedding_classifier": "embedding + logistic regression",
        "centroid": "nearest centroid",
        "zero_shot": "zero-shot",
    }
    for method, name in names.items():
        assert float(found[name]) == pytest.approx(figures_of(split, outcomes[method], 42).macro_f1, abs=1e-4)
    tuned = run("few_shot", split, Options(steps=3))
    expected = figures_of(split, tuned, 42).macro_f1
    assert float(found["few-shot contrastive tuning"]) == pytest.approx(expected, abs=0.03)
    assert "generative" in found


def test_snippets_of_an_upload_the_curve_and_the_trap_run(tmp_path, monkeypatch):
    rows = [
        (f"a {'good' if n % 2 else 'dull'} film {n}", "xy"[n % 2], "train" if n < 14 else "test")
        for n in range(20)
    ]
    table = a_table(rows, "text,label,split")
    (tmp_path / "a.csv").write_text("text,label,split\n" + "".join(",".join(row) + "\n" for row in rows))
    monkeypatch.chdir(tmp_path)
    printed = printed_here(snippet("board", ["centroid"], the_form(held=table)))
    assert "nearest centroid: macro F1" in printed
    assert "misread as negative, read right as positive" in printed_here(snippet("trap", [], the_form()))
    assert "150 labels" in printed_here(snippet("curve", [], the_form()))
    compile(snippet("board", list(METHODS), the_form(source=CHINESE)), "snippet", "exec")
    compile(snippet("board", ["task_model"], the_form()), "snippet", "exec")


# The page


def test_three_methods_are_evaluated_a_cell_opened_and_descriptions_edited(open_page):
    from playwright.sync_api import expect

    page = open_page("?tab=classification")
    page.locator("#classify-run").click(timeout=30_000)
    board = page.locator("#classify-board tbody tr")
    expect(page.locator("#classify-mcnemar")).to_contain_text("Of 50 texts", timeout=90_000)
    expect(board).to_have_count(3)
    expect(page.locator(".classify-result .answered-by").first).to_contain_text("all-MiniLM-L6-v2")
    before = board.nth(2).inner_text()
    page.locator("#classify-descriptions textarea").fill("This was boring\nThis was wonderful")
    expect(board.nth(2)).to_contain_text("This was boring / This was wonderful", timeout=20_000)
    assert board.nth(2).inner_text() != before

    page.get_by_role("tab", name="Errors").click()
    cells = page.locator(".classify-confusion button")
    expect(cells).to_have_count(4, timeout=20_000)
    wrong = page.locator(".classify-confusion button.wrong").first
    count = int(wrong.inner_text())
    wrong.click()
    expect(wrong).to_have_attribute("aria-pressed", "true", timeout=20_000)
    expect(page.locator("#classify-texts li")).to_have_count(count)
    scores = [float(text) for text in page.locator("#classify-texts .score").all_inner_texts()]
    assert scores == sorted(scores, reverse=True)


def test_page_in_chinese_on_a_phone_gives_opinions_and_does_not_scroll_sideways(open_page):
    from playwright.sync_api import expect

    page = open_page("?tab=classification", lang="zh-CN", width=390)
    page.get_by_role("tab", name="试一句").click(timeout=30_000)
    page.locator("#classify-one textarea").fill(EVIL + " 很好看 😀")
    page.locator("#classify-ask").click()
    expect(page.locator("#classify-opinions .label")).to_have_count(3, timeout=90_000)
    expect(page.locator("#classify-opinions .answered-by")).to_contain_text("回答", timeout=30_000)
    page.get_by_role("tab", name="标签与陷阱").click()
    page.locator("#classify-trap-run").click()
    expect(page.locator("#classify-trap")).to_contain_text("第 1 章的写法", timeout=60_000)
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_an_upload_is_read_and_a_workbook_refused(open_page, tmp_path):
    from playwright.sync_api import expect

    own, workbook = tmp_path / "own.csv", tmp_path / "sheet.csv"
    rows = "".join(
        f"{word} thing {n},{mood}\n" for n in range(8) for word, mood in (("good", "1"), ("bad", "0"))
    )
    own.write_text("said,mood\n" + rows + "<script>,too,many\n")
    workbook.write_bytes(b"PK\x03\x04" + b"x" * 100)
    page = open_page("?tab=classification")
    expect(page.locator("#classify-data")).to_contain_text("200 texts", timeout=30_000)
    with page.expect_file_chooser() as chooser:
        page.locator("#classify-upload").click()
    chooser.value.set_files(str(own))
    expect(page.locator("#classify-data")).to_contain_text("own.csv", timeout=30_000)
    expect(page.locator("#classify-data")).to_contain_text("16 texts, 2 classes: 0 8, 1 8")
    expect(page.locator("#classify-data details")).to_contain_text("could not be read: 1")
    with page.expect_file_chooser() as chooser:
        page.locator("#classify-upload").click()
    chooser.value.set_files(str(workbook))
    expect(page.get_by_text("Excel workbook")).to_be_visible(timeout=30_000)


def test_with_a_hub_the_tutorials_models_and_data_ids_run_by_name(start_hub, browser, tmp_path):
    """Tiny checkpoints and a tiny data set under the tutorial's ids, over the loopback Hugging Face Hub."""
    from playwright.sync_api import expect

    from tests.hub_server import HubServer
    from tests.test_data import parquet

    builders = {"distilbert-sst-2": checkpoints.distilbert, "dianping-roberta": checkpoints.bert_classifier}
    with HubServer() as server:
        for key, build in builders.items():
            (tmp_path / key).mkdir()
            build(tmp_path / key)
            server.add(MODELS[key].repo, tmp_path / key)
        sentences = open_dataset("pang-lee")
        parts = {"train": slice(0, 200, 2), "validation": slice(1, 100, 2), "test": slice(101, 200, 2)}
        files = {
            f"{name}.parquet": parquet(
                {
                    "text": sentences.columns["text"][rows],
                    "label": [("neg", "pos").index(label) for label in sentences.columns["label"][rows]],
                },
                {"label": ["neg", "pos"]},
            )
            for name, rows in parts.items()
        }
        server.add("datasets/cornell-movie-review-data/rotten_tomatoes", files)
        home = {"HF_HOME": str(tmp_path / "hf"), "HF_ENDPOINT": server.url, "HF_HUB_DISABLE_XET": "1"}
        running = start_hub(HUB_WARM="0", **home).wait(120)
        answer = evaluate(Client(running.url, verbose=False), None, None, None, "task_model")
        assert answer["model"] == MODELS["distilbert-sst-2"].name and sum(map(sum, answer["confusion"])) == 50

        context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
        page = context.new_page()
        page.goto(f"{running.url}/?tab=classification")
        page.locator("#classify-source input").click(timeout=30_000)
        page.get_by_role("option", name="rotten_tomatoes").click()
        expect(page.locator("#classify-data")).to_contain_text("as the split column says", timeout=30_000)
        page.get_by_label("Task model", exact=True).check()
        page.locator("#classify-run").click()
        expect(page.locator("#classify-board")).to_contain_text(
            "NEGATIVE → neg; POSITIVE → pos", timeout=60_000
        )
        page.get_by_role("tab", name="Labels and traps").click()
        page.locator("#classify-trap-run").click()
        expect(page.locator("#classify-trap")).to_contain_text(
            MODELS["dianping-roberta"].name, timeout=60_000
        )
        context.close()
