"""Method 5: a chat model reads each text in a prompt; its answer is held to the label names."""

import json
import math
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import closing

import numpy as np

from shared.engines.base import ChatEngine, Message, Sampling, Token
from shared.errors import HubError
from shared.models import MODELS
from shared.models.registry import DEFAULT_CHAT, ModelSpec

PROMPT = "Classify the text as one of: {labels}.\n\nText: {text}\n\nLabel:"
AT_ONCE = 4
"""Documents under way; the engine's other slots stay free for other visitors."""
MAX_CHARACTERS = 2000
"""Of one text in the prompt."""
SAMPLE = 40


def choose_model(key: str | None) -> ModelSpec:
    """The chat model called `key`; None is the embedded one."""
    spec = MODELS.get(key or DEFAULT_CHAT)
    if spec is None or spec.task != "chat":
        raise HubError("hub.unknown_model", model=str(key)[:80])
    return spec


def check_prompt(prompt: str) -> str:
    """A prompt needs the place of the text. Raises HubError."""
    if "{text}" not in prompt:
        raise HubError("classification.prompt_no_text")
    return prompt


def messages_for(prompt: str, text: str, names: Sequence[str]) -> list[Message]:
    """One user turn; `{text}` and `{labels}` are filled in, every other brace stays as it is."""
    filled = prompt.replace("{labels}", ", ".join(names)).replace("{text}", text[:MAX_CHARACTERS])
    return [{"role": "user", "content": filled}]


def ask(engine: ChatEngine, prompt: str, text: str, names: Sequence[str]) -> tuple[int, np.ndarray]:
    """Which name the model wrote, and its share of belief in each, shape (names,): the probabilities of the
    tokens with which each could go on where they part, scaled to 1; all on the answer where the engine
    tells none."""
    longest = max(len(name.encode()) for name in names) + 8
    sampling = Sampling(
        temperature=0.0,
        max_new_tokens=longest,
        json_schema={"enum": list(names)},
        top_logprobs=20,
    )
    answer = ""
    tokens: list[Token] = []
    with closing(engine.stream(messages_for(prompt, text, names), sampling)) as deltas:  # type: ignore[type-var]
        for delta in deltas:
            answer += delta.text
            tokens += delta.tokens
    try:
        chosen = names.index(json.loads(answer))
    except ValueError as error:
        raise HubError("classification.no_label_answer", answer=answer[:60]) from error
    return chosen, shares(tokens, names, chosen)


def shares(tokens: Sequence[Token], names: Sequence[str], chosen: int) -> np.ndarray:
    """See `ask`. The answer is `"name"` as JSON writes it; the tokens before the names part are alike."""
    scores = np.zeros(len(names))
    scores[chosen] = 1.0
    wanted = [json.dumps(name, ensure_ascii=False).encode() for name in names]
    so_far = b""
    for token in tokens:
        open_names = [n for n, text in enumerate(wanted) if text.startswith(so_far)]
        if len(open_names) > 1 and token.top:
            found = np.zeros(len(names))
            for candidate in token.top:
                grown = so_far + candidate.bytes
                fits = [n for n in open_names if wanted[n].startswith(grown)]
                if fits and len(fits) < len(open_names) and candidate.bytes:
                    found[fits] += math.exp(candidate.logprob) / len(fits)
            if found.sum() > 0:
                return found / found.sum()
        so_far += token.bytes
    return scores


def classify(
    engine: ChatEngine,
    texts: Sequence[str],
    names: Sequence[str],
    prompt: str = PROMPT,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[np.ndarray, np.ndarray]:
    """What was chosen for each text, shape (texts,), and the shares, shape (texts, names). Several texts are
    under way at once, through the engine's slots."""
    check_prompt(prompt)
    chosen = np.zeros(len(texts), dtype=int)
    scores = np.zeros((len(texts), len(names)), dtype=np.float32)
    left = iter(range(len(texts)))
    under_way: dict[Future[tuple[int, np.ndarray]], int] = {}
    done = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="classify") as pool:
        try:
            while True:
                while len(under_way) < AT_ONCE and (i := next(left, None)) is not None:
                    under_way[pool.submit(ask, engine, prompt, texts[i], list(names))] = i
                if not under_way:
                    return chosen, scores
                for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                    i = under_way.pop(future)
                    chosen[i], scores[i] = future.result()
                    done += 1
                    if progress is not None:
                        progress(done, len(texts))
        finally:
            for future in under_way:
                future.cancel()
