"""Runs a model once, with eager attention, and keeps what the views look at."""

import time
from collections.abc import Sequence
from typing import Any

import numpy as np

from shared.errors import HubError
from shared.models import ModelSpec, cache
from spaces.attention.results import Kind, Pass
from spaces.attention.tokens import Tokens, read


def run(key: str, spec: ModelSpec, kind: Kind, text: str, pair: str, most: int) -> Pass:
    """The forward pass of `spec` over `text` and `pair`, each cut to `most` tokens."""
    with cache().lease(spec) as weights:
        model, tokenizer = weights.model, weights.tokenizer
        limit = _window(model, tokenizer, most)
        started = time.perf_counter()
        second = pair if kind == "encoder" else ""
        encoding, total = _encode(tokenizer, text, second, limit)
        source = read(tokenizer, _row(encoding), text, second)
        target = None
        feed = {k: v.to(model.device) for k, v in encoding.items() if k not in ("offset_mapping",)}
        if kind == "encoder-decoder" and pair:
            target, feed["decoder_input_ids"] = _decoder_input(model, tokenizer, pair, limit)
        out = _call(model, kind, feed)
        attentions = out["attentions"]
        states = out["hidden_states"]
        n_layers = len(attentions)
        if not n_layers or attentions[0] is None:
            raise HubError("attention.no_attention", model=spec.name)
        decoder_states = out.get("decoder_hidden_states") or states
        logits = out.get("logits")
        device = "CPU" if model.device.type == "cpu" else str(model.device)
        return Pass(
            key=key,
            model_key=spec.key,
            model=spec.name,
            device=device,
            seconds=time.perf_counter() - started,
            kind=kind,
            text=text,
            source=source,
            target=target,
            attentions=_stack(attentions, np.float16),
            decoder=_stack(out["decoder_attentions"], np.float16) if target else None,
            cross=_stack(out["cross_attentions"], np.float16) if target else None,
            hidden=np.stack([_numpy(state[0, -1]) for state in decoder_states]),
            inputs=_stack(states[:n_layers], np.float32),
            logits=None if logits is None else _numpy(logits[0, -1]),
            kept=len(source),
            total=total,
        )


def _window(model: Any, tokenizer: Any, most: int) -> int:
    """Tokens that the model reads and the lab draws."""
    limits = [most, tokenizer.model_max_length]
    positions = getattr(model.config, "max_position_embeddings", None)
    return min(limits + ([positions] if isinstance(positions, int) else []))


def _encode(tokenizer: Any, text: str, pair: str, limit: int) -> tuple[Any, int]:
    """One row of tensors with offsets, cut to `limit` tokens, and how many there would have been."""
    whole = tokenizer(text, pair or None, return_offsets_mapping=True, return_tensors="pt", verbose=False)
    total = int(whole["input_ids"].shape[1])
    if total <= limit:
        return whole, total
    cut = tokenizer(
        text,
        pair or None,
        return_offsets_mapping=True,
        return_tensors="pt",
        truncation=True,
        max_length=limit,
    )
    return cut, total


class _Row(dict[str, Any]):
    """One row of a batch encoding, with the parts its tokens belong to."""

    def __init__(self, encoding: Any) -> None:
        super().__init__(
            input_ids=encoding["input_ids"][0].tolist(), offset_mapping=encoding["offset_mapping"][0].tolist()
        )
        self._sequences = encoding.sequence_ids(0)

    def sequence_ids(self, _: int) -> list[int | None]:
        return list(self._sequences)


def _row(encoding: Any) -> _Row:
    return _Row(encoding)


def _decoder_input(model: Any, tokenizer: Any, answer: str, limit: int) -> tuple[Tokens, Any]:
    """What the decoder reads: its start token, then the answer without its end."""
    import torch

    encoding, _ = _encode(tokenizer, answer, "", limit)
    tokens = read(tokenizer, _row(encoding), answer)
    start = int(model.config.decoder_start_token_id)
    keep = [i for i in range(len(tokens)) if not tokens.special[i]][: limit - 1]
    ids = (start, *(tokens.ids[i] for i in keep))
    name = str(tokenizer.convert_ids_to_tokens(start))
    shifted = Tokens(
        ids,
        (name, *(tokens.texts[i] for i in keep)),
        ((0, 0), *(tokens.spans[i] for i in keep)),
        (0,) * len(ids),
        (True, *(False for _ in keep)),
        (False, *(tokens.fragments[i] for i in keep)),
    )
    return shifted, torch.tensor([ids], device=model.device)


def _call(model: Any, kind: Kind, feed: dict[str, Any]) -> dict[str, Any]:
    """The model's outputs under one set of names."""
    import torch

    wanted = {"output_attentions": True, "output_hidden_states": True}
    with torch.inference_mode():
        if kind == "causal":
            feed.pop("token_type_ids", None)
            return dict(model(**feed, **wanted, use_cache=False))
        if kind == "encoder":
            return dict(model(**feed, **wanted))
        if "decoder_input_ids" not in feed:
            return dict(model.get_encoder()(feed["input_ids"], feed["attention_mask"], **wanted))
        out = dict(model(**feed, **wanted, use_cache=False))
    return out | {"attentions": out["encoder_attentions"], "hidden_states": out["encoder_hidden_states"]}


def _numpy(tensor: Any) -> np.ndarray:
    return np.asarray(tensor.float().cpu().numpy())


def _stack(layers: Sequence[Any], dtype: Any) -> np.ndarray:
    """(layers, ...) from the layers' tensors of one row; filled one by one, so that float32 is never
    whole."""
    first = layers[0][0]
    stacked = np.empty((len(layers), *first.shape), dtype)
    for i, layer in enumerate(layers):
        stacked[i] = _numpy(layer[0])
    return stacked
