"""Many answers in one forward pass: transformers' continuous batching (paged attention), with our sampler
in it."""

import atexit
import itertools
import logging
import queue
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from shared.engines.base import Token
from shared.engines.decoding import Draws, Sampler
from shared.errors import HubError
from shared.models.memory import free_memory, is_out_of_memory

log = logging.getLogger(__name__)

_PAGE = 64
"""Tokens of one page of the key-value cache."""
_BATCH = 512
"""Tokens of one forward pass at most: how much of a long prompt is read before the others go on."""


def available(model: Any) -> bool:
    """Whether this model can be batched: its attention has a paged form that leaves the model as it is (an
    "eager" one would be exchanged under the hands of a white-box lab), and transformers is new enough."""
    try:
        from transformers.generation.continuous_batching import ContinuousBatchingManager
    except ImportError:
        return False
    return model.config._attn_implementation == "sdpa" and hasattr(ContinuousBatchingManager, "pause")


@dataclass(eq=False)
class _Seat:
    """One visitor in the batch."""

    sampler: Sampler
    events: "queue.SimpleQueue[tuple[Token, bool] | Exception]" = field(default_factory=queue.SimpleQueue)


class _Draw:
    """A logits processor that draws each visitor's token with that visitor's own sampler, and leaves the
    manager's argmax no choice. So log-probabilities, seeds and schemas work as without batching.

    It relies on steps that are neither captured as CUDA graphs nor double-buffered: both are off."""

    supported_kwargs: dict[str, type] = {}  # noqa: RUF012  (what transformers' base class has)
    ignored_kwargs: tuple[str, ...] = ()

    def __init__(self, seats: dict[str, _Seat], cancel: Any) -> None:
        self._seats = seats
        self._cancel = cancel
        self._rows: list[str] = []

    def fill_defaults(self, int32_tensor: Any) -> None:
        int32_tensor.zero_()

    def prepare_tensor_args(self, requests_with_new_token: list[Any]) -> Any:
        import torch

        self._rows = [request.state.request_id for request in requests_with_new_token]
        return torch.zeros(len(self._rows), dtype=torch.int32)

    def __call__(self, scores: Any, tensor_arg: Any) -> Any:
        for row, request_id in zip(scores, self._rows, strict=False):
            seat = self._seats.get(request_id)
            if seat is None:
                continue  # its visitor left a moment ago
            try:
                token, ended = seat.sampler.draw(row)
            except Exception as error:  # one visitor's trouble must not end the loop for all
                seat.events.put(error)
                self._cancel(request_id)
                continue
            row[token.id] = float("inf")
            seat.events.put((token, ended))
        return scores


def _pages(model: Any, slots: int, context: int) -> int:
    """How many pages the cache gets; at least one visitor's window."""
    window = -(-context // _PAGE)
    if model.device.type != "cuda":
        return slots * window
    config = model.config.get_text_config()
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    page = _PAGE * config.num_hidden_layers * heads * size * 2 * model.dtype.itemsize  # keys and values
    return max(window, min(slots * window, free_memory() // 2 // page))


class Batcher:
    """Answers up to `slots` visitors in one batch, each with a window of `context` tokens; more wait their
    turn. The cache is taken at once: for all of them, or what half of the free GPU memory holds; then who
    came last waits, and reads again what was written, when many write long answers."""

    def __init__(self, model: Any, eos: Collection[int], *, slots: int, context: int) -> None:
        self._model = model
        self._eos = sorted(eos)
        self._slots = slots
        self._pages = _pages(model, slots, context)
        self._seats: dict[str, _Seat] = {}
        self._numbers = itertools.count()
        self._guard = threading.Lock()
        self._manager: Any = self._new_manager()
        # a daemon thread that torch holds when Python ends would abort the process
        atexit.register(self.close)
        self.cache_bytes = int(self._manager.batch_processor.cache.cache_tensor.nbytes)

    def draws(self, prompt: list[int], sampler: Sampler, limit: int) -> Draws:
        """The tokens of one answer as the batch yields them. Closing it takes the visitor out of the
        batch."""
        request_id = f"answer-{next(self._numbers)}"
        manager, finished = self._running(), False
        seat = self._seats[request_id] = _Seat(sampler)
        try:
            taken = manager.add_request(
                prompt, request_id=request_id, max_new_tokens=limit, eos_token_id=self._eos or -1
            )
            if taken is None:
                raise HubError("hub.engine_refused", reason="the batch has stopped")
            for count in range(1, limit + 1):
                event = seat.events.get()
                if isinstance(event, Exception):
                    raise event
                finished = event[1] or count == limit
                yield event
                if finished:
                    return
        finally:
            del self._seats[request_id]
            if not finished:
                manager.cancel_request(request_id)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The batch stands still between two steps, so that this thread may use the model."""
        with self._guard:
            manager = self._manager
        with manager.pause() if manager is not None and manager.is_running() else nullcontext():
            yield

    def close(self) -> None:
        """Ends the loop and frees the cache."""
        atexit.unregister(self.close)
        with self._guard:
            manager, self._manager = self._manager, None
        if manager is not None and manager.is_running():
            manager.stop(hard_stop=True)

    def _new_manager(self) -> Any:
        from transformers import ContinuousBatchingConfig, GenerationConfig, LogitsProcessorList
        from transformers.generation.continuous_batching import cb_logits_processors as processors

        manager = self._model.init_continuous_batching(
            GenerationConfig(do_sample=False, eos_token_id=self._eos or -1, pad_token_id=0),
            ContinuousBatchingConfig(
                page_size=_PAGE,
                num_blocks=self._pages,
                max_batch_tokens=_BATCH,
                max_requests_per_batch=self._slots,
                auto_switch_to_flash=False,  # it would fetch kernels from the Hub, and change the tokens
                use_cuda_graph=False,
                use_async_batching=False,
            ),
        )
        processors.ContinuousBatchingLogitsProcessor.register(_Draw)
        draw = LogitsProcessorList([_Draw(self._seats, manager.cancel_request)])
        manager.logit_processor = processors.ContinuousBatchingLogitsProcessorList(draw)
        manager.logit_processor.tensors_required = 1
        manager.warmup()  # takes the cache now, where an error has a caller
        return manager

    def _running(self) -> Any:
        """The manager with its loop in a thread; a new one when the last loop died."""
        with self._guard:
            if self._manager is None:
                self._manager = self._new_manager()
            manager = self._manager
            if not manager.is_running():
                # a thread inherits `daemon` from the one that starts it, and the manager's is not a daemon:
                # the process would not end
                starter = threading.Thread(target=manager.start, daemon=True)
                starter.start()
                starter.join()
                threading.Thread(target=self._watch, args=(manager,), name="batch-watch", daemon=True).start()
            return manager

    def _watch(self, manager: Any) -> None:
        """Tells visitors whose request failed; when the loop ends, all who still wait."""
        while True:
            running = manager.is_running()  # asked first: what the loop said as it died is still in the queue
            output = manager.get_result(timeout=0.5)
            if output is None and not running:
                break
            seat = self._seats.get(output.request_id) if output is not None and output.error else None
            if seat is not None:
                log.warning("continuous batching: %s", output.error)
                seat.events.put(_failure(output.error))
        with self._guard:
            if self._manager is manager:
                self._manager = None
        for seat in list(self._seats.values()):
            seat.events.put(_failure("the batch has stopped"))


def _failure(message: str) -> Exception:
    """The manager tells errors as text; the engine knows what to say about a lack of memory."""
    error = RuntimeError(message)
    return error if is_out_of_memory(error) else HubError("hub.engine_refused", reason=message[:200])
