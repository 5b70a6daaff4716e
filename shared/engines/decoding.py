"""From logits to an answer: draw a token, find stop words, hand out text that never ends in half a
character."""

import codecs
from collections import deque
from collections.abc import Collection, Generator, Iterator
from contextlib import closing
from typing import Any

from shared.engines.base import Candidate, Delta, Sampling, Token
from shared.engines.constrained import Constraint
from shared.engines.vocabulary import Vocabulary

Draws = Generator[tuple[Token, bool], None, None]
"""Tokens as they are drawn; True with the one that ends the answer."""


class Sampler:
    """Draws the tokens of one answer. The warpers are transformers' and come in its order: temperature,
    top-k, top-p.

    The same seed and the same logits give the same tokens, whoever else is served."""

    def __init__(
        self,
        sampling: Sampling,
        prompt: list[int],
        vocabulary: Vocabulary,
        *,
        eos: Collection[int],
        device: Any,
        repetition_penalty: float = 1.0,
    ) -> None:
        import torch
        from transformers import (
            LogitsProcessorList,
            RepetitionPenaltyLogitsProcessor,
            TemperatureLogitsWarper,
            TopKLogitsWarper,
            TopPLogitsWarper,
        )

        self._vocabulary = vocabulary
        self._eos = eos
        self._top = sampling.top_logprobs
        self._greedy = sampling.temperature == 0
        self._ids = list(prompt)
        schema = sampling.json_schema
        self._constraint = None if schema is None else Constraint(vocabulary, schema)
        # some checkpoints (Qwen2) ask for one in their generation_config, and `generate` obeys
        self._penalty = (
            RepetitionPenaltyLogitsProcessor(repetition_penalty) if repetition_penalty != 1.0 else None
        )
        self._warpers = LogitsProcessorList()
        if not self._greedy:
            self._warpers.append(TemperatureLogitsWarper(float(sampling.temperature)))
            if sampling.top_k:
                self._warpers.append(TopKLogitsWarper(sampling.top_k))
            if sampling.top_p < 1:
                self._warpers.append(TopPLogitsWarper(float(sampling.top_p)))
            self._generator = torch.Generator(device)
            if sampling.seed is None:
                self._generator.seed()
            else:
                self._generator.manual_seed(sampling.seed)

    def draw(self, logits: Any) -> tuple[Token, bool]:
        """The next token for `logits`, shape (vocabulary,), and whether it ends the answer."""
        import torch

        # torch.multinomial and argmax see what `generate` sees: float32, a batch of one
        raw = logits.float()
        scores = raw[None]
        ids: Any = torch.tensor([self._ids], device=raw.device)
        if self._penalty is not None:
            scores = self._penalty(ids, scores)
        if self._constraint is not None:
            scores = self._constraint.mask(scores)
        if self._greedy:
            index = int(scores.argmax(dim=-1))
        else:
            probabilities = self._warpers(ids, scores).softmax(dim=-1)
            index = int(torch.multinomial(probabilities, 1, generator=self._generator))
        if self._constraint is not None:
            self._constraint.accept(index)
        self._ids.append(index)
        return self._token(index, raw), index in self._eos

    def _token(self, index: int, raw: Any) -> Token:
        written = self._vocabulary.written(index)
        if not self._top:
            return Token(index, _text(written), written, float("nan"))
        logprobs = raw.log_softmax(dim=-1)
        best = logprobs.topk(min(self._top, logprobs.shape[-1]))
        return Token(
            index,
            _text(written),
            written,
            float(logprobs[index]),
            tuple(
                Candidate(i, _text(self._vocabulary.written(i)), self._vocabulary.written(i), logprob)
                for i, logprob in zip(best.indices.tolist(), best.values.tolist(), strict=True)
            ),
        )


class TextWriter:
    """Turns tokens into text: whole characters only, and nothing that may yet become a stop word.

    A token comes out with the last of its characters, so tokens of a stop word never do."""

    def __init__(self, stop: tuple[str, ...] = ()) -> None:
        self._stop = tuple(word for word in stop if word)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self._released = 0
        self._tokens: deque[tuple[int, Token]] = deque()
        self.stopped = False
        """Whether a stop word came."""

    def push(self, token: Token) -> tuple[str, tuple[Token, ...]]:
        """What can be shown now that `token` is there."""
        self._held += self._decoder.decode(token.bytes)
        self._tokens.append((self._released + len(self._held), token))
        found = [at for word in self._stop if (at := self._held.find(word)) >= 0]
        self.stopped = bool(found)
        return self._release(min(found) if found else len(self._held) - self._undecided())

    def rest(self) -> tuple[str, tuple[Token, ...]]:
        """What was held back, when no more tokens come; half a character at the end is dropped."""
        return self._release(len(self._held))

    def _undecided(self) -> int:
        """How many characters at the end could be the beginning of a stop word."""
        longest = min(len(self._held), max(map(len, self._stop), default=1) - 1)
        for length in range(longest, 0, -1):
            tail = self._held[-length:]
            if any(word.startswith(tail) for word in self._stop):
                return length
        return 0

    def _release(self, length: int) -> tuple[str, tuple[Token, ...]]:
        text, self._held = self._held[:length], self._held[length:]
        self._released += length
        tokens = []
        while self._tokens and self._tokens[0][0] <= self._released:
            tokens.append(self._tokens.popleft()[1])
        return text, tuple(tokens)


def write(draws: Draws, sampling: Sampling, *, prompt_tokens: int, limit: int) -> Iterator[Delta]:
    """The answer that `draws` make, at most `limit` tokens. Closing it closes `draws`, which stops the
    generation. As in llama.cpp, the token that ends the answer is counted and not shown."""
    writer = TextWriter(sampling.stop)
    reason, count = "length", 0
    with closing(draws):
        for token, ended in draws:
            count += 1
            if ended:
                reason = "stop"
                break
            text, tokens = writer.push(token)
            if text or (tokens and sampling.top_logprobs):
                yield Delta(text=text, tokens=tokens if sampling.top_logprobs else ())
            if writer.stopped:
                reason = "stop"
                break
            if count == limit:
                break
    if not writer.stopped:
        text, tokens = writer.rest()
        if text or (tokens and sampling.top_logprobs):
            yield Delta(text=text, tokens=tokens if sampling.top_logprobs else ())
    yield Delta(finish_reason=reason, prompt_tokens=prompt_tokens, new_tokens=count)


def _text(written: bytes) -> str:
    return written.decode(errors="replace")
