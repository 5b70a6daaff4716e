"""Word2Vec through the songs lab against gensim's own call: the same playlists, the same parameters."""

import time
from collections.abc import Iterator

from spaces.songs.dataset import embedded
from spaces.songs.word2vec import Params, train
from tests.bench.result import Result

ROUNDS = 7


def measure() -> Iterator[Result]:
    from gensim.models import Word2Vec

    playlists = [list(playlist) for playlist in embedded().playlists]
    params = Params()
    times: dict[str, list[float]] = {"hub": [], "bare": []}
    heard = []
    train(playlists, Params(epochs=1))  # imports, and a CPU that is awake
    for number in range(ROUNDS):
        for who in ("hub", "bare") if number % 2 else ("bare", "hub"):
            started = time.perf_counter()
            if who == "hub":
                vectors = train(playlists, params, heard.append)
            else:
                model = Word2Vec(
                    playlists,
                    vector_size=params.vector_size,
                    window=params.window,
                    negative=params.negative,
                    epochs=params.epochs,
                    seed=params.seed,
                    min_count=1,
                    workers=1,
                )
            times[who].append(time.perf_counter() - started)
    assert (vectors.raw == model.wv.vectors).all()
    yield Result(
        "Word2Vec on the embedded playlists, with progress",
        "s",
        min(times["hub"]),  # the best of each: other processes only ever add time
        min(times["bare"]),
        "ratio_at_most",
        1.1,
        f"{len(playlists):,} playlists, {params.epochs} epochs, one worker; equal vectors",
    )
