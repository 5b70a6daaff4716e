"""The transformers engine: answers from weights in this process, on a GPU or a CPU; the default on CUDA."""

import copy
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import shared
from shared.engines import batching
from shared.engines.adapters import Adapters
from shared.engines.base import Delta, Message, NextToken, Piece, Sampling, Token
from shared.engines.decoding import Draws, Sampler, write
from shared.engines.fair import FairLock
from shared.engines.validation import check_messages, check_sampling
from shared.engines.vocabulary import Vocabulary
from shared.errors import HubError
from shared.models.memory import free_memory, human_bytes, is_out_of_memory
from shared.models.registry import ModelSpec

if TYPE_CHECKING:
    from shared.models.loaders import Weights

_PREFILL = 256
"""Tokens of a prompt read in one step: under a second for a small model on two cores."""


class LocalEngine:
    """A `ChatEngine` over a model and its tokenizer. Greedy answers are token for token those of `generate`.

    Two ways to serve several visitors. Batching (the default on CUDA): transformers' continuous batching, one
    forward pass for all. Steps (the default on a CPU): one visitor's token after another's, in fair turns.
    Both draw with the same `Sampler`, so seeds, log-probabilities, stop words and schemas work in both. In
    bfloat16 a batch rounds differently than one answer alone, and near ties may fall otherwise: that is why
    steps are the default where speed is not the point. Answers with an adapter and `next_token` are always
    made in steps, between two passes of the batch, which cannot mix adapters.
    """

    def __init__(
        self,
        spec: ModelSpec,
        weights: "Weights",
        *,
        slots: int = 8,
        slot_context: int = 2048,
        batch: bool | None = None,
    ) -> None:
        import torch

        from shared.models.loaders import tensor_bytes

        self._model: Any = weights.model
        self._tokenizer: Any = weights.tokenizer
        on_cuda = self._device.type == "cuda"
        self.name = spec.name
        self.device = torch.cuda.get_device_name(self._device) if on_cuda else self._device.type.upper()
        config = self._model.config.get_text_config()
        windows = (slot_context, spec.context_length, getattr(config, "max_position_embeddings", 0))
        self.context_length = min(window for window in windows if window)
        self._system_prompt = spec.system_prompt
        generation = self._model.generation_config
        self._penalty = float(generation.repetition_penalty or 1.0)
        eos = generation.eos_token_id if generation.eos_token_id is not None else self._tokenizer.eos_token_id
        self._eos = frozenset(eos if isinstance(eos, list) else [] if eos is None else [eos])
        self._vocabulary = Vocabulary(self._tokenizer, config.vocab_size, self._eos)
        self._adapters = Adapters(self._model)
        self._choice: tuple[str, float] | None = None
        self._turns = FairLock()
        self._writing: set[object] = set()
        self.memory_bytes = tensor_bytes([*self._model.parameters(), *self._model.buffers()])
        """Measured: the weights, and the batch's key-value cache."""
        self._batcher: batching.Batcher | None = None
        # ZeroGPU lends its GPU to one call at a time: no loop can keep it
        by_default = on_cuda and not shared.ON_ZERO_GPU
        if batching.available(self._model) and (by_default if batch is None else batch):
            self._batcher = batching.Batcher(self._model, self._eos, slots=slots, context=self.context_length)
            self.memory_bytes += self._batcher.cache_bytes

    @property
    def _device(self) -> Any:
        # asked each time: on ZeroGPU the weights are on a GPU only in the process of a GPU call
        return self._model.device

    @property
    def active(self) -> int:
        """How many answers are being written now."""
        return len(self._writing)

    def stream(self, messages: Sequence[Message], sampling: Sampling) -> Iterator[Delta]:
        prompt = self.check(messages, sampling)
        sampler = Sampler(
            sampling,
            prompt,
            self._vocabulary,
            eos=self._eos,
            device=self._device,
            repetition_penalty=self._penalty,
        )
        limit = min(sampling.max_new_tokens, self.context_length - len(prompt))
        return self._answer(prompt, sampling, sampler, limit)

    def check(self, messages: Sequence[Message], sampling: Sampling) -> list[int]:
        """The tokens of the prompt, if `stream` would answer it. Raises HubError."""
        check_sampling(sampling, self.context_length)
        return self._prompt(messages)

    def next_token(self, messages: Sequence[Message]) -> NextToken:
        with self._own_adapter(), _explained():
            logits, _ = self._read(self._prompt(messages))
            logprobs, ids = logits.float().log_softmax(dim=-1).sort(descending=True)
        order = ids.cpu().numpy().astype(np.int32)
        table = self._vocabulary.table
        return NextToken(order, logprobs.cpu().numpy(), tuple(table[index] for index in order))

    def score(self, messages: Sequence[Message], answer: str) -> Delta:
        prompt = self._prompt(messages)
        tokens: list[Token] = []
        with self._own_adapter(), _explained():
            logits, cache = self._read(prompt)
            for index in self._ids(answer):
                if tokens:
                    logits = self._forward([tokens[-1].id], cache)
                written = self._vocabulary.written(index)
                logprob = float(logits.float().log_softmax(dim=-1)[index])
                tokens.append(Token(index, written.decode(errors="replace"), written, logprob))
        return Delta(text=answer, tokens=tuple(tokens), prompt_tokens=len(prompt))

    def render(self, messages: Sequence[Message]) -> str:
        from jinja2 import TemplateError

        if not self._tokenizer.chat_template:
            raise HubError("hub.no_chat_template", model=self.name)
        checked = check_messages(messages)
        if self._system_prompt and checked[0]["role"] != "system":
            checked.insert(0, {"role": "system", "content": self._system_prompt})
        try:
            return str(
                self._tokenizer.apply_chat_template(checked, tokenize=False, add_generation_prompt=True)
            )
        except TemplateError as error:  # some templates know no system role, or want strict turns
            raise HubError("hub.engine_refused", reason=str(error)[:200]) from error

    def tokenize(self, text: str) -> list[Piece]:
        return [Piece(index, self._vocabulary.piece(index)) for index in self._ids(text)]

    def attach(self, folder: Path, name: str) -> None:
        """Loads a LoRA adapter under `name`. Raises HubError when it is none, or not for this model."""
        with self._turn():
            self._adapters.attach(folder, name)

    def detach(self, name: str) -> None:
        """Takes an adapter out of memory. Raises HubError while somebody's answer uses it."""
        with self._turn():
            self._adapters.detach(name)

    @contextmanager
    def adapter(self, name: str, scale: float = 1.0) -> Iterator["LocalEngine"]:
        """This engine with the adapter, while others are answered without:
        `with engine.adapter("mine") as adapted: adapted.stream(...)`."""
        with self._adapters.in_use(name):
            adapted = copy.copy(self)
            adapted._choice = (name, scale)
            yield adapted

    def close(self) -> None:
        """Ends the batch and lets the weights go (their other users keep them)."""
        if self._batcher is not None:
            self._batcher.close()
        self._model = self._tokenizer = self._batcher = None

    def _answer(self, prompt: list[int], sampling: Sampling, sampler: Sampler, limit: int) -> Iterator[Delta]:
        if self._batcher is not None and self._choice is None:
            draws = self._batcher.draws(prompt, sampler, limit)
        else:
            draws = self._steps(prompt, sampler)
        mine = object()
        self._writing.add(mine)
        try:
            with self._own_adapter(), _explained():
                yield from write(draws, sampling, prompt_tokens=len(prompt), limit=limit)
        finally:
            self._writing.discard(mine)

    def _steps(self, prompt: list[int], sampler: Sampler) -> Draws:
        logits, cache = self._read(prompt)
        while True:
            token, ended = sampler.draw(logits)
            yield token, ended
            if ended:
                return
            logits = self._forward([token.id], cache)

    def _read(self, prompt: list[int]) -> tuple[Any, Any]:
        """The logits after the prompt, shape (vocabulary,), and its key-value cache."""
        from transformers import DynamicCache

        cache = DynamicCache(config=self._model.config)
        for start in range(0, len(prompt), _PREFILL):
            logits = self._forward(prompt[start : start + _PREFILL], cache)
        return logits, cache

    def _forward(self, ids: list[int], cache: Any) -> Any:
        import torch

        adapter = nullcontext() if self._choice is None else self._adapters.applied(*self._choice)
        # one step a turn, and nothing left switched on when the generator rests
        with self._turn(), adapter, torch.inference_mode():
            batch = torch.tensor([ids], device=self._device)
            return self._model(
                input_ids=batch, past_key_values=cache, use_cache=True, logits_to_keep=1
            ).logits[0, -1]

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Nobody else runs the model."""
        with self._turns, self._batcher.paused() if self._batcher is not None else nullcontext():
            yield

    def _own_adapter(self) -> Any:
        return nullcontext() if self._choice is None else self._adapters.in_use(self._choice[0])

    def _prompt(self, messages: Sequence[Message]) -> list[int]:
        ids = self._ids(self.render(messages))
        over = len(ids) - self.context_length + 1  # room for one new token
        if over > 0:
            raise HubError("hub.prompt_too_long", over=over, window=self.context_length)
        return ids

    def _ids(self, text: str) -> list[int]:
        return list(self._tokenizer(text, add_special_tokens=False).input_ids)


@contextmanager
def _explained() -> Iterator[None]:
    """Out of memory as a sentence for the visitor."""
    try:
        yield
    except RuntimeError as error:
        if is_out_of_memory(error):
            raise HubError("hub.answer_out_of_memory", free=human_bytes(free_memory())) from error
        raise
