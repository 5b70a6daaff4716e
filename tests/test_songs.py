"""The songs lab: against gensim's own numbers, hand-made rankings, files in the tutorial's format."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import random
import re
import subprocess
import sys
import threading
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import mean, stdev

import numpy as np
import pytest

from shared import i18n
from shared.errors import HubError
from shared.settings import from_env
from spaces.songs import (
    catalogue,
    download,
    evaluate,
    generator,
    lab,
    loading,
    map_data,
    parsing,
    recommend,
    views,
)
from spaces.songs.catalogue import Song, embedded_songs
from spaces.songs.dataset import embedded
from spaces.songs.lab import Choice
from spaces.songs.picks import Picks
from spaces.songs.search import SearchIndex, fold
from spaces.songs.snippet import snippet
from spaces.songs.store import ByteCache, Flights, wait
from spaces.songs.texts import TEXTS
from spaces.songs.word2vec import Params, Stopped, Vectors, train

i18n.register("songs", TEXTS)

QUICK = Params(vector_size=16, window=5, negative=5, epochs=3)


def plain(params: Params) -> dict:
    return {
        "vector_size": params.vector_size,
        "window": params.window,
        "negative": params.negative,
        "epochs": params.epochs,
        "seed": params.seed,
        "min_count": 1,
        "workers": 1,
    }


@pytest.fixture(scope="module")
def bare():
    """gensim's own model of the embedded playlists."""
    from gensim.models import Word2Vec

    return Word2Vec([list(p) for p in embedded().playlists], **plain(QUICK))


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return train(embedded().playlists, QUICK)


def toy_vectors(ids: str, unit: list[list[float]]) -> Vectors:
    rows = np.array(unit, dtype=np.float32)
    return Vectors(
        tuple(ids), rows, rows / np.linalg.norm(rows, axis=1, keepdims=True), np.ones(len(ids)), (), 0
    )


# --- the catalogue and its playlists ---


def test_the_catalogue_holds_real_songs_of_thirteen_genres():
    songs = embedded_songs()
    assert len(songs) >= 300 and len({(s.title, s.artist) for s in songs}) == len(songs)
    assert {s.genre for s in songs} == set(catalogue.GENRES)
    assert all(1930 <= s.year <= 2025 and s.title and s.artist for s in songs)
    facts = {(s.title, s.artist): s.year for s in songs}
    assert facts["Bohemian Rhapsody", "Queen"] == 1975
    assert facts["So What", "Miles Davis"] == 1959
    assert facts["晴天", "周杰伦"] == 2003
    assert facts["海阔天空", "Beyond"] == 1993


def test_the_generator_repeats_itself_by_seed_and_never_a_song():
    songs = embedded_songs()
    recipe = generator.Recipe(playlists=50)
    first = generator.generate(songs, recipe)
    assert first == generator.generate(songs, recipe)
    assert first != generator.generate(songs, replace(recipe, seed=8))
    assert all(len(set(playlist)) == len(playlist) for playlist in first)


def test_without_noise_and_home_a_playlist_stays_among_related_genres():
    genre = {s.id: s.genre for s in embedded_songs()}
    recipe = generator.Recipe(playlists=200, noise=0.0, home=0.0)
    for playlist in generator.generate(embedded_songs(), recipe):
        for one, next_one in pairwise(playlist):
            pair = frozenset((genre[one], genre[next_one]))
            assert len(pair) == 1 or pair in generator.RELATED


# --- Word2Vec ---


def test_vectors_and_neighbours_are_gensims_own(bare, vectors):
    assert list(vectors.ids) == bare.wv.index_to_key
    assert (vectors.raw == bare.wv.vectors).all()
    for song in ("1", "108", "300"):
        ours = recommend.similar(vectors, [song], top_n=10)
        theirs = bare.wv.most_similar(song, topn=10)
        assert [hit.id for hit in ours] == [name for name, _ in theirs]
        assert [hit.similarity for hit in ours] == pytest.approx([score for _, score in theirs], abs=1e-5)


def test_likes_and_dislikes_are_gensims_arithmetic(bare, vectors):
    ours = recommend.similar(vectors, ["1", "200", "33"], ["150", "7"], top_n=12)
    theirs = bare.wv.most_similar(positive=["1", "200", "33"], negative=["150", "7"], topn=12)
    assert [hit.id for hit in ours] == [name for name, _ in theirs]
    assert [hit.similarity for hit in ours] == pytest.approx([score for _, score in theirs], abs=1e-5)


def test_progress_tells_each_epoch_and_its_loss():
    heard = []
    trained = train(embedded().playlists[:300], QUICK, heard.append)
    ended = {e.number: e.loss for e in heard if e.fraction == 0.0 and e.loss is not None}
    assert list(ended) == [1, 2, 3] and list(ended.values()) == list(trained.losses)
    assert all(loss > 0 for loss in trained.losses)


def test_stop_ends_a_long_training_in_its_first_epoch():
    stop = threading.Event()
    rng = random.Random(4)
    playlists = [[str(rng.randrange(2000)) for _ in range(30)] for _ in range(10_000)]
    threading.Timer(1.5, stop.set).start()
    started = time.perf_counter()
    with pytest.raises((Stopped, RuntimeError)):
        train(playlists, Params(epochs=200), stop=stop)
    assert time.perf_counter() - started < 8


@pytest.mark.parametrize(
    "change", [{"vector_size": 1}, {"window": 0}, {"negative": 101}, {"epochs": 0}, {"seed": -1}]
)
def test_parameters_out_of_range_are_named(change):
    with pytest.raises(HubError) as refused:
        replace(Params(), **change).check()
    assert refused.value.values["name"] in change


# --- recommendations ---


def test_a_playlist_continues_from_the_mean_of_its_last_three():
    points = toy_vectors("abcdef", [[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9], [-1, 0], [0.7, 0.7]])
    hits = recommend.continue_playlist(points, ["e", "a", "b", "a"], top_n=2)
    # a, b, a lie at about 4 degrees: f at 45 is nearer than d at 84; e, a and b were played
    assert [hit.id for hit in hits] == ["f", "d"]
    assert hits[0].similarity > 0.7


def test_input_songs_that_make_no_sense_are_refused(vectors):
    for positive, negative, key in (
        ([], [], "nothing_chosen"),
        ([], ["1"], "only_disliked"),
        (["no such"], [], "unknown_song"),
        (["<script>"], [], "unknown_song"),
        (["1"], ["1"], "cancelled_out"),
        (["1"] * 300, [], "too_many_chosen"),
    ):
        with pytest.raises(HubError, match=key):
            recommend.similar(vectors, positive, negative)
    with pytest.raises(HubError, match="empty_playlist"):
        recommend.continue_playlist(vectors, [])


def test_picks_keep_a_song_on_one_side_only():
    picks = Picks().do("like", "a", "abc").do("dislike", "a", "abc").do("play", "b", "abc")
    assert picks == Picks((), ("a",), ("b",))
    assert picks.do("play", "b", "abc") == picks
    assert picks.do("forget", "a", "abc").do("unplay", "b", "abc") == Picks()
    with pytest.raises(HubError, match="unknown_song"):
        picks.do("like", "z", "abc")
    assert picks.known_to({"b"}) == Picks((), (), ("b",))


# --- measures ---


def test_ranks_recall_and_mrr_by_hand():
    scores = np.array([[9.0, 8, 7, 6], [1, 1, 1, 1], [0, 0, 0, 5], [3, 2, 1, 0]])
    played = [[0], [], [3], []]
    # row 0: song 0 was played, so song 2 is second; row 1: all equal, the earlier column first: third;
    # row 2: the best was played, the others are equal; row 3: a song nobody has seen
    found = evaluate.ranks(scores, played, [2, 2, 1, -1])
    assert found == [2, 3, 2, None]
    assert evaluate.recall_at(found, 2) == 2 / 4
    assert evaluate.recall_at(found, 10) == 3 / 4
    assert evaluate.mean_reciprocal_rank(found) == pytest.approx((1 / 2 + 1 / 3 + 1 / 2) / 4)


def test_popularity_and_cooccurrence_by_hand():
    # plays: a 4, b 3, c 3, d 1; test lists: (d, c) hides a; (b) hides c
    train_lists = (("a", "b"), ("a", "b"), ("a", "c"), ("d", "c", "a"), ("b", "c"))
    parts = evaluate.Split(train_lists, (("d", "c"), ("b",)), ("a", "c"))
    bench = evaluate.Bench(parts, ["a", "b", "c", "d"])
    # popularity: (d, c) -> a, b: rank 1. (b) -> a, c, d: rank 2
    assert bench.popularity() == evaluate.Scores(1.0, pytest.approx((1 / 1 + 1 / 2) / 2))
    # with d: c 1, a 1; with c: a 2, d 1, b 1 -> for (d, c): a 3, b 1: rank 1. with b: a 2, c 1: rank 2
    assert bench.cooccurrence() == evaluate.Scores(1.0, pytest.approx((1 / 1 + 1 / 2) / 2))
    # unit vectors: b is nearest to c, then a
    unit = np.array([[0.6, 0.8], [1, 0], [0.8, 0.6], [0, 1]], dtype=np.float32)
    # (b) -> c at once: 1; (d, c): mean (0.8, 1.6) is nearest to a: 1
    assert bench.word2vec(unit) == evaluate.Scores(1.0, 1.0)


def test_a_split_hides_the_last_song_of_a_fifth_and_repeats_by_seed():
    plain_lists = [tuple(f"{i}-{j}" for j in range(4)) for i in range(50)]
    playlists = (*plain_lists, ("x", "y"), ("p", "q", "p"))
    parts = evaluate.split(playlists, 5)
    assert parts == evaluate.split(playlists, 5) and parts != evaluate.split(playlists, 6)
    assert len(parts.hidden) == 10 and len(parts.train) == 52
    for known, hidden in zip(parts.known, parts.hidden, strict=True):
        assert (*known, hidden) in playlists and known in parts.train
    assert ("x", "y") in parts.train  # too short to be asked about
    with pytest.raises(HubError, match="too_few_playlists"):
        evaluate.split(playlists[:5], 1)
    with pytest.raises(HubError, match="too_few_playlists"):
        evaluate.split((("a", "b", "c"),), 1)


@pytest.fixture(scope="module")
def measured() -> list[lab.Point]:
    """Three seeds at the default number of epochs and at four times as many."""
    return list(lab.measuring(Choice(), [Params().epochs, 4 * Params().epochs]))[-1][1]


def test_recommendations_beat_popularity_with_every_seed(measured):
    recall = measured[0].recall
    assert len(recall["word2vec"].values) == 3
    for ours, popular in zip(recall["word2vec"].values, recall["popularity"].values, strict=True):
        assert ours > popular
    assert (
        recall["word2vec"].mean - recall["word2vec"].sd > recall["popularity"].mean + recall["popularity"].sd
    )
    assert measured[0].mrr["word2vec"].mean > measured[0].mrr["popularity"].mean
    assert recall["word2vec"].mean == pytest.approx(mean(recall["word2vec"].values))
    assert recall["word2vec"].sd == pytest.approx(stdev(recall["word2vec"].values))


def test_over_training_shows(measured):
    assert measured[1].recall["word2vec"].mean < measured[0].recall["word2vec"].mean


def test_the_lesson_gives_the_measured_numbers(measured):
    text = Path(lab.__file__).with_name("README.md").read_text(encoding="utf-8")
    for name in evaluate.METHODS:
        spread = measured[0].recall[name]
        rows = re.findall(r"^\|[^|]+\| (\.\d+) ± (\.\d+) \|", text, re.MULTILINE)
        assert any(abs(float(m) - spread.mean) < 0.03 for m, _ in rows), name


# --- search ---


@pytest.fixture(scope="module")
def index() -> SearchIndex:
    return SearchIndex.of(embedded_songs())


@pytest.mark.parametrize(
    ("query", "title", "artist"),
    [
        ("Bohemian Rhapsody", "Bohemian Rhapsody", "Queen"),
        ("bohemain rapsody", "Bohemian Rhapsody", "Queen"),
        ("queen bohemian", "Bohemian Rhapsody", "Queen"),
        ("smels like teen spirt nirvana", "Smells Like Teen Spirit", "Nirvana"),
        ("bjork army of me", "Army of Me", "Björk"),
        ("HYPERBALAD", "Hyperballad", "Björk"),
        ("dont stop me now", "Don't Stop Me Now", "Queen"),
        ("ｂｉｌｌｉｅ ｊｅａｎ", "Billie Jean", "Michael Jackson"),
        ("晴天", "晴天", "周杰伦"),
        ("周杰伦 晴天", "晴天", "周杰伦"),
        ("晴天周杰伦", "晴天", "周杰伦"),
        ("海阔天控", "海阔天空", "Beyond"),
        ("beyond 海阔天空", "海阔天空", "Beyond"),
        ("月亮代表我的新", "月亮代表我的心", "邓丽君"),
        ("崔建 一无所有", "一无所有", "崔健"),
        ("oxygene", "Oxygène, Pt. 4", "Jean-Michel Jarre"),
    ],
)
def test_search_forgives_typos_in_both_languages(index, query, title, artist):
    song, score = index.find(query)[0]
    assert (song.title, song.artist) == (title, artist) and 60 < score <= 100


def test_search_by_artist_gives_their_songs_and_nonsense_gives_none(index):
    assert {song.artist for song, _ in index.find("周杰伦", 5)} == {"周杰伦"}
    assert {song.artist for song, _ in index.find("metalica", 5)} == {"Metallica"}
    for nonsense in ("", "   ", "🎵🎵", "zzzzqqqq xkcd", "'\"%;--"):
        assert index.find(nonsense) == []
    assert index.find("a" * 50_000) == []
    assert fold("Ｂｊöｒｋ!") == "bjork"


# --- files ---

SONG_HASH = (
    "0 \tGucci Time (w\\/ Swizz Beatz)\tGucci Mane\n"
    "1\t=SUM(A1)\t<script>alert(1)</script>\n2\tLone\n\n1\tAgain\tX\n"
)


def test_the_tutorials_files_are_read_and_what_was_skipped_is_counted():
    songs, counts = parsing.read_songs(SONG_HASH.encode(), "song_hash.txt")
    assert [(s.id, s.title, s.artist) for s in songs] == [
        ("0", "Gucci Time (w\\/ Swizz Beatz)", "Gucci Mane"),
        ("1", "=SUM(A1)", "<script>alert(1)</script>"),
    ]
    assert counts == {"count_bad_songs": 1, "count_repeated_songs": 1}
    # two lines about the data first: numbers that could be songs, as in the real file
    text = "9 7 1\n2 2 3\n0 1 2 \n1 \n2 0 9 9\n0 1\n"
    data = loading.from_bytes(SONG_HASH.encode(), text.encode())
    assert data.playlists == (("0", "1", "2"), ("2", "0", "9", "9"), ("0", "1"))
    assert data.counts["count_header"] == 2 and data.counts["count_short"] == 1
    assert data.counts["count_nameless"] == 2 and data.songs["9"].title == "#9"
    assert data.counts["count_songs"] == 4 and data.counts["format_radio"] == 1


@pytest.mark.parametrize(
    ("text", "format", "lists"),
    [
        ("a,b,c\nd,e\n", "format_rows", [["a", "b", "c"], ["d", "e"]]),
        ('"Hey, Jude",b\n\nc,,d\n', "format_rows", [["Hey, Jude", "b"], ["c", "d"]]),
        ("playlist_id,song\n1,a\n1,b\n2,c\n2,\n1,d\n", "format_pairs", [["a", "b", "d"], ["c"]]),
        ("歌单;歌曲\n甲;晴天\n甲;夜曲\n", "format_pairs", [["晴天", "夜曲"]]),
        ("song\tplaylist\na\t1\nb\t1\n", "format_pairs", [["a", "b"]]),
        ("tags\r\n3 2\r\na b c\r\n\r\nc b\r\nb\r\n", "format_radio", [["a", "b", "c"], ["c", "b"], ["b"]]),
    ],
)
def test_own_playlists_are_read_as_what_they_look_like(text, format, lists):
    for data in (text.encode(), text.encode("utf-8-sig"), text.encode("utf-16")):
        read = parsing.read_playlists(data, "p.csv")
        assert (read.format, read.playlists) == (format, lists)
    gb = parsing.read_playlists("晴天,夜曲\n稻香,晴天\n".encode("gb18030"), "p.csv")
    assert gb.playlists == [["晴天", "夜曲"], ["稻香", "晴天"]]


def test_titles_of_the_embedded_catalogue_find_their_songs():
    data = loading.from_bytes(None, "晴天,夜曲,七里香\n夜曲,晴天\n".encode())
    assert {song.artist for song in data.songs.values()} == {"周杰伦"}
    assert data.counts["count_nameless"] == 0
    other = loading.from_bytes(None, b"my own,song\nsong,other\n")
    assert other.songs["my own"] == Song("my own", "my own")


@pytest.mark.parametrize(
    ("songs", "playlists", "key"),
    [
        (None, b"", "empty_file"),
        (None, b" \n\n ", "empty_file"),
        (None, b"PK\x03\x04\x14\x00rest of a workbook", "excel_file"),
        (None, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old excel", "excel_file"),
        (None, b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00", "binary_file"),
        (None, "naïve café\n".encode("latin-1") + b"\xff\xff,\xfe\x80\n", "wrong_encoding"),
        (b"name,singer\nx,y\n", b"a,b\n", "missing_columns"),
        (b"id,artist\n1,y\n", b"a,b\n", "missing_columns"),
        (b"id,title\n,\n", b"a,b\n", "no_songs"),
        (None, b"playlist_id,song\n", "no_playlists"),
    ],
)
def test_bad_files_get_one_sentence(songs, playlists, key):
    with pytest.raises(HubError) as refused:
        loading.from_bytes(songs, playlists)
    assert refused.value.key == f"songs.{key}"
    for lang in i18n.LANGS:
        assert "{" not in i18n.explain(refused.value, lang)


def test_one_playlist_can_be_read_but_not_measured():
    data = loading.from_bytes(None, b"x,y,z\n")
    with pytest.raises(HubError, match="too_few_playlists"):
        lab.trained(Choice(lab.keep(data), QUICK))


def test_emoji_and_markup_survive_as_text():
    data = loading.from_bytes("id,title,artist\n🎵,<b>x</b>,a&b\n2,y,z\n".encode(), "🎵,2\n2,🎵\n".encode())
    assert data.songs["🎵"].title == "<b>x</b>"
    t = i18n.translator("songs", "en")
    drawn = views.song_list(t, data.songs.values()) + views.chips(t, data.songs, Picks(("🎵",)))
    assert "<b>x</b>" not in drawn and "&lt;b&gt;x&lt;/b&gt;" in drawn and "a&amp;b" in drawn


def test_a_hundred_thousand_playlists_stay_small_and_stop_at_once():
    import tracemalloc

    rng = random.Random(1)
    text = "\n".join(" ".join(str(rng.randrange(20_000)) for _ in range(10)) for _ in range(100_002)).encode()
    tracemalloc.start()
    data = loading.from_bytes(None, text)
    size, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(data.playlists) == 100_000
    assert size < 60 * 2**20 and peak < 400 * 2**20, (size, peak)
    assert 0.3 < data.nbytes / size < 3
    steps = lab.following(Choice(lab.keep(data), Params(epochs=100)))
    before = threading.active_count()
    for _ in range(8):
        next(steps)
    steps.close()
    end = time.monotonic() + 10
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.05)
    assert threading.active_count() <= before
    with pytest.raises(HubError, match="too_much_data"):
        parsing.read_playlists(b"1 2\n" * (parsing.MAX_PLAYLISTS + 3), "p")


# --- the keeping ---


def test_the_cache_stays_within_its_bytes_and_drops_the_oldest():
    cache: ByteCache[str] = ByteCache(10)
    cache.put("a", "A", 4)
    cache.put("b", "B", 4)
    assert cache.get("a") == "A"
    cache.put("c", "C", 4)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == ("A", None, "C")
    cache.put("huge", "H", 11)
    assert cache.get("huge") is None and cache.nbytes == 8


def test_a_class_that_asks_for_the_same_waits_for_one_training():
    flights, runs = Flights(), []

    def work(report, stop):
        runs.append(1)
        time.sleep(0.4)
        return "model"

    results: list[str] = []
    threads = [
        threading.Thread(target=lambda: results.append(wait(flights.follow("k", work)))) for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == ["model"] * 12 and runs == [1]


def test_work_stops_when_the_last_of_those_who_wait_has_left():
    flights, ended = Flights(), threading.Event()

    def work(report, stop):
        stop.wait(10)
        ended.set()

    first, second = flights.follow("k", work), flights.follow("k", work)
    next(first)
    next(second)
    first.close()
    assert not ended.wait(0.3)
    second.close()
    assert ended.wait(2)

    def fails(report, stop):
        raise HubError("songs.empty_playlist")

    with pytest.raises(HubError, match="empty_playlist"):
        wait(flights.follow("bad", fails))


def test_equal_settings_are_answered_at_once():
    choice = Choice(params=replace(QUICK, seed=77))
    first = lab.trained(choice)
    started = time.perf_counter()
    assert lab.trained(Choice(params=replace(QUICK, seed=77))) is first
    assert time.perf_counter() - started < 0.05
    with pytest.raises(HubError, match="data_gone"):
        lab.trained(Choice("no such data"))


def test_the_map_groups_by_genre_decade_and_artist():
    songs = [Song("1", "a", "X", 1975, "pop"), Song("2", "b", "X", 1983, "my own"), Song("3", "c")]
    assert map_data.groups(songs, "genre") == (["pop", "my own", "rest"], [0, 1, 2])
    assert map_data.groups(songs, "era") == (["1970s", "1980s", "rest"], [0, 1, 2])
    assert map_data.groups(songs, "artist") == (["X", "rest"], [0, 0, 1])


def test_every_text_that_is_put_together_exists():
    keys = [f"genre_{g}" for g in catalogue.GENRES] + [f"method_{m}" for m in evaluate.METHODS]
    keys += [f"by_{by}" for by in map_data.COLOURINGS]
    keys += [f"act_{a}" for a in (*views.ACTS, "forget", "unplay", "choose")]
    source = "".join(p.read_text(encoding="utf-8") for p in catalogue.DATA.parent.parent.glob("*.py"))
    keys += re.findall(r'"((?:count|format|source|from|example)_\w+)"', source)
    keys += re.findall(r'HubError\(\s*"songs\.(\w+)"', source)
    keys += re.findall(r"texts\.(\w+)", (catalogue.DATA.parent.parent / "map.js").read_text(encoding="utf-8"))
    assert not [key for key in keys if key not in TEXTS]


def test_no_snippet_line_is_our_own_code_and_it_prints_what_the_page_shows(tmp_path, monkeypatch):
    import os


    monkeypatch.setattr("spaces.songs.snippet.settings", lambda: from_env({"HUB_HOME": str(tmp_path)}))
    picks = Picks(("1", "108"), ("150",), ("300", "301", "302", "303"))
    choice = Choice(params=QUICK)
    script = tmp_path / "snippet.py"
    script.write_text(snippet(choice, picks), encoding="utf-8")
    assert "import spaces" not in script.read_text() and "from shared" not in script.read_text()
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=120,
        env={**os.environ, "HUB_HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    model, songs = lab.trained(choice), embedded().songs
    assert f"recall@10: {model.scores['word2vec'].recall_at_10:.3f}" in done.stdout
    for hits in (
        recommend.similar(model.vectors, picks.liked, picks.disliked, 10),
        recommend.continue_playlist(model.vectors, picks.playlist, 5),
    ):
        lines = "".join(f"  {hit.similarity:.3f}  {songs[hit.id].label}\n" for hit in hits)
        assert lines in done.stdout


# --- addresses ---


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("", "bad_url"),
        ("train.txt", "bad_url"),
        ("http://example.org/train.txt", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("ftp://example.org/x", "bad_url"),
        ("https://user:secret@example.org/x", "bad_url"),
        ("https://exa mple.org/x", "bad_url"),
        ("https://example.org:99999/x", "bad_url"),
        ("https://127.0.0.1/x", "url_private"),
        ("https://localhost/x", "url_private"),
        ("https://10.1.2.3/x", "url_private"),
        ("https://192.168.0.1:8443/x", "url_private"),
        ("https://172.16.0.1/x", "url_private"),
        ("https://169.254.169.254/latest/meta-data", "url_private"),
        ("https://100.64.0.1/x", "url_private"),
        ("https://0.0.0.0/x", "url_private"),
        ("https://[::1]/x", "url_private"),
        ("https://[::ffff:127.0.0.1]/x", "url_private"),
        ("https://[64:ff9b::a00:1]/x", "url_private"),
        ("https://[fd00::1]/x", "url_private"),
        ("https://2130706433/x", "url_private"),
        ("https://0x7f.1/x", "url_private"),
    ],
)
def test_addresses_that_lead_inside_are_refused(url, key, monkeypatch):
    monkeypatch.setattr(download, "settings", lambda: from_env({}))
    monkeypatch.setattr(download, "_Pinned", lambda *_: pytest.fail("a connection was made"))
    with pytest.raises(HubError) as refused:
        download._get(url, 1000)
    assert refused.value.key == f"songs.{key}"


def test_a_name_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", ("10.0.0.7", 443))]
    monkeypatch.setattr(download.socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(HubError, match="url_private"):
        download.public_address("two-faced.example", 443)


def test_a_redirect_to_a_private_address_is_refused(monkeypatch):
    asked = []

    class Redirecting:
        status, headers = 302, {"Location": "https://169.254.169.254/latest"}

        def __init__(self, scheme, host, port, address):
            asked.append(address)

        def request(self, *_, **__):
            pass

        def getresponse(self):
            return self

        def close(self):
            pass

    monkeypatch.setattr(download, "_Pinned", Redirecting)
    with pytest.raises(HubError, match="url_private"):
        download._get("https://1.1.1.1/list", 1000)
    assert asked == ["1.1.1.1"]
    Redirecting.headers = {"Location": "http://1.0.0.1/plain"}
    with pytest.raises(HubError, match="bad_url"):
        download._get("https://1.1.1.1/list", 1000)
    Redirecting.headers = {"Location": "/again"}
    with pytest.raises(HubError, match="url_redirects"):
        download._get("https://1.1.1.1/list", 1000)


@pytest.fixture(scope="module")
def radio():
    """A loopback server with files in the tutorial's format; counts what it is asked for."""
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    rng = random.Random(3)
    lists = "\n".join(" ".join(str(rng.randrange(40)) for _ in range(8)) for _ in range(120))
    files = {
        "/song_hash.txt": "".join(f"{i}\tSong {i}\tArtist {i % 5}\n" for i in range(38)),
        "/train.txt": f"tags of songs\nsizes\n{lists}\n5\n",
        "/large": "x" * 3000,
    }
    asked: list[str] = []

    class Radio(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = files.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Radio)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked, files
    server.shutdown()


def test_a_download_is_kept_and_asked_for_once(radio, monkeypatch, tmp_path):
    url, asked, files = radio
    env = {"HUB_HOME": str(tmp_path), "HUB_PRIVATE_URLS": "1"}
    monkeypatch.setattr("spaces.songs.download.settings", lambda: from_env(env))
    data = loading.from_urls(f"{url}/song_hash.txt", f"{url}/train.txt")
    assert len(data.playlists) == 120 and data.counts["count_short"] == 1
    assert data.counts["count_header"] == 2 and data.counts["count_nameless"] == 2
    again = loading.from_urls(f"{url}/song_hash.txt", f"{url}/train.txt")
    assert again.key == data.key and asked.count("/train.txt") == 1
    assert download.fetch(f"{url}/train.txt").decode() == files["/train.txt"]
    with pytest.raises(HubError, match="url_too_large"):
        download.fetch(f"{url}/large", 2999)
    with pytest.raises(HubError, match="url_status"):
        download.fetch(f"{url}/none")
    with pytest.raises(HubError, match="url_unreachable"):
        download.fetch("http://127.0.0.1:9/x")
    assert len(list((tmp_path / "songs").iterdir())) == 2


# --- endpoints ---


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A hub of this module's own, whose upload cache can be looked into."""
    from tests.conftest import Hub

    folder = tmp_path_factory.mktemp("songs")
    running = Hub(
        folder / "hub.log",
        HUB_WARM="0",
        HUB_HOME=str(folder / "home"),
        HUB_PRIVATE_URLS="1",
        GRADIO_TEMP_DIR=str(folder / "cache"),
    )
    running.cache = folder / "cache"
    try:
        yield running.wait()
    finally:
        running.stop()


def client_of(hub):
    from gradio_client import Client

    return Client(hub.url, verbose=False)


def uploads_left(hub) -> list:
    return [f for f in hub.cache.rglob("*") if f.is_file() and f.stat().st_size]


def test_train_search_and_recommend_on_the_embedded_playlists(hub):
    client = client_of(hub)
    answer = client.predict(api_name="/songs_train")
    assert set(answer) == {"songs", "playlists", "recall_at_10", "mrr", "popularity_recall_at_10", "seconds"}
    expected = lab.trained(Choice())
    assert answer["songs"] == 441 and answer["playlists"] == len(embedded().playlists)
    assert answer["recall_at_10"] == pytest.approx(expected.scores["word2vec"].recall_at_10)
    assert answer["recall_at_10"] > answer["popularity_recall_at_10"]
    row = client.predict("bohemain rapsody", api_name="/songs_search")[0]
    assert (row["title"], row["artist"], row["year"]) == ("Bohemian Rhapsody", "Queen", 1975)
    rows = client.predict([row["id"]], 5, api_name="/songs_recommend")
    hits = recommend.similar(expected.vectors, [row["id"]], top_n=5)
    assert [r["id"] for r in rows] == [hit.id for hit in hits]
    assert [r["similarity"] for r in rows] == pytest.approx([hit.similarity for hit in hits], abs=1e-6)


def test_own_files_make_a_model_of_this_session_alone_and_leave_the_cache(hub, radio, tmp_path):
    from gradio_client import handle_file

    _, _, files = radio
    for name in ("song_hash.txt", "train.txt"):
        (tmp_path / name).write_text(files[f"/{name}"])
    mine, other = client_of(hub), client_of(hub)
    answer = mine.predict(
        vector_size=8,
        window=5,
        negative=5,
        epochs=2,
        seed=3,
        songs_file=handle_file(tmp_path / "song_hash.txt"),
        playlists_file=handle_file(tmp_path / "train.txt"),
        api_name="/songs_train",
    )
    assert answer["playlists"] == 120 and answer["songs"] == 40
    assert uploads_left(hub) == []
    assert mine.predict("Song 7", api_name="/songs_search")[0]["artist"] == "Artist 2"
    assert len(mine.predict(["7"], 3, api_name="/songs_recommend")) == 3
    assert other.predict("Bohemian Rhapsody", api_name="/songs_search")[0]["artist"] == "Queen"
    assert not any(r["title"].startswith("Song 7") for r in other.predict("Song 7", api_name="/songs_search"))


def test_endpoints_refuse_with_one_sentence_and_keep_no_file(hub, tmp_path):
    from gradio_client import handle_file
    from gradio_client.exceptions import AppError

    client = client_of(hub)
    empty, excel = tmp_path / "empty.csv", tmp_path / "lists.csv"
    empty.write_bytes(b"\n")
    excel.write_bytes(b"PK\x03\x04" + b"\x00" * 50)
    for kwargs, said in (
        ({"epochs": 0}, "epochs must be"),
        ({"window": 1000}, "window must be"),
        ({"playlists_file": handle_file(empty)}, "is empty"),
        ({"playlists_file": handle_file(excel)}, "Excel"),
        ({"songs_file": handle_file(empty)}, "upload a file of playlists"),
    ):
        with pytest.raises(AppError, match=said):
            client.predict(**kwargs, api_name="/songs_train")
    assert uploads_left(hub) == []
    for ids, said in ((["no"], "does not know"), ([], "at least one"), ({"a": 1}, "list of song ids")):
        with pytest.raises(AppError, match=said):
            client.predict(ids, 5, api_name="/songs_recommend")
    with pytest.raises(AppError, match="top_n must be"):
        client.predict(["1"], 0, api_name="/songs_recommend")
    assert client.predict("", api_name="/songs_search") == []


# --- the browser ---

NAMES = {
    "en-US": ("Map", "Measure", "Data and training", "Playlists from"),
    "zh-CN": ("地图", "测量", "数据与训练", "歌单来自"),
}


def open_lab(open_page, lang="en-US", **kwargs):
    page = open_page("?tab=songs", lang=lang, **kwargs)
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    page.wait_for_selector("#songs-status .songs-status", timeout=60_000)
    return page


@pytest.mark.parametrize(("lang", "width"), [("en-US", 1280), ("zh-CN", 390)])
def test_a_visitor_trains_searches_with_a_typo_and_clicks_the_map(open_page, lang, width):
    page = open_lab(open_page, lang, width=width)
    the_map, _, training, _ = NAMES[lang]
    page.get_by_role("tab", name=training, exact=True).click()
    page.locator("#songs-train-state").wait_for()
    page.get_by_label("epochs").first.fill("4")
    page.get_by_label("epochs").first.press("Tab")
    page.locator("#songs-train").click()
    page.wait_for_selector("#songs-trained table", timeout=60_000)
    page.wait_for_function("document.querySelector('#songs-status').innerText.match(/(^|\\D)4 (epochs|轮)/)")

    page.locator("[role=tab]:visible", has_text="推荐" if lang == "zh-CN" else "Recommend").first.click()
    page.locator("#songs-search").locator("input, textarea").first.fill("bohemain rapsody")
    row = page.locator("#songs-found li", has_text="Bohemian Rhapsody")
    row.locator("[data-act=like]").click()
    page.wait_for_selector("#songs-results .songs-ranking li >> nth=9")
    row.locator("[data-act=play]").click()
    page.wait_for_selector("#songs-playlist .songs-playlist li")
    page.locator("#songs-continue").click()
    page.wait_for_function("document.querySelectorAll('#songs-playlist .songs-playlist li').length === 6")
    titles = page.locator("#songs-playlist .songs-chip").all_inner_texts()
    assert len(set(titles)) == 6

    page.get_by_role("tab", name=the_map, exact=True).click()
    page.wait_for_function("document.querySelectorAll('.songs-legend button').length === 13", timeout=60_000)
    page.get_by_text("UMAP（" if lang == "zh-CN" else "UMAP (cosine").wait_for(timeout=120_000)
    place = page.evaluate("document.querySelector('.songs-map canvas').songsPlace('386')")
    page.locator(".songs-map canvas").click(position={"x": place[0], "y": place[1]})
    card = page.locator("#songs-card .songs-list li")
    card.wait_for()
    chosen = card.locator("b").inner_text()
    assert any(song.title == chosen for song in embedded_songs())
    card.locator("[data-act=play]").click()
    page.wait_for_function("document.querySelectorAll('#songs-playlist .songs-playlist li').length === 7")
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_zooming_and_dragging_move_the_map_and_do_not_choose(open_page):
    page = open_lab(open_page)
    page.get_by_role("tab", name="Map", exact=True).click()
    page.get_by_text("UMAP (cosine").wait_for(timeout=120_000)
    place = "document.querySelector('.songs-map canvas').songsPlace('1')"
    before = page.evaluate(place)
    canvas = page.locator(".songs-map canvas")
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + 200, box["y"] + 200)
    page.mouse.wheel(0, -300)
    page.wait_for_function(f"{place}[0] !== {before[0]}")
    zoomed = page.evaluate(place)
    page.mouse.down()
    page.mouse.move(box["x"] + 260, box["y"] + 230, steps=4)
    page.mouse.up()
    moved = page.evaluate(place)
    assert moved == pytest.approx([zoomed[0] + 60, zoomed[1] + 30], abs=1)
    assert page.locator("#songs-card .songs-list").count() == 0
    page.locator("[data-zoom=fit]").click()
    assert page.evaluate(place) == pytest.approx(before, abs=1)


def test_an_upload_with_markup_in_a_title_stays_text_and_leaves_the_cache(open_page, hub, tmp_path):
    page = open_lab(open_page)
    hostile = "<img src=x onerror=alert(1)>"
    (tmp_path / "s.csv").write_text(
        f"id,title,artist\n1,{hostile},<script>alert(2)</script>\n2,Two,B\n3,Three,C\n"
    )
    rng = random.Random(2)
    lists = "".join(",".join(rng.sample("123", 3)) + "\n" for _ in range(40))
    (tmp_path / "p.csv").write_text(lists)
    page.get_by_role("tab", name="Data and training", exact=True).click()
    page.get_by_label("upload", exact=True).check()
    page.locator("#songs-file input[type=file]").set_input_files(tmp_path / "s.csv")
    page.wait_for_selector("#songs-got >> text=s.csv")
    page.locator("#songs-lists-file input[type=file]").set_input_files(tmp_path / "p.csv")
    page.wait_for_selector("#songs-got >> text=p.csv")
    assert uploads_left(hub) == []
    page.locator("#songs-train").click()
    page.wait_for_selector("#songs-trained table", timeout=60_000)
    page.wait_for_function("document.querySelector('#songs-status').innerText.includes('your data: 3 songs')")
    page.get_by_role("tab", name="Recommend", exact=True).click()
    page.locator("#songs-search").locator("input, textarea").first.fill("img src")
    row = page.locator("#songs-found li").first
    row.wait_for()
    assert hostile in row.inner_text()
    row.locator("[data-act=like]").click()
    page.wait_for_selector("#songs-results .songs-ranking li >> nth=1")
    page.get_by_role("tab", name="Map", exact=True).click()
    page.wait_for_function("document.querySelector('.songs-map canvas')?.width > 300")
    page.wait_for_timeout(500)
    assert page.locator("#songs-found img, #songs-chosen img, .songs-legend img").count() == 0


def test_stop_ends_the_measuring(open_page, hub):
    page = open_lab(open_page)
    page.get_by_role("tab", name="Measure", exact=True).click()
    page.locator("#songs-curve").click()
    page.wait_for_selector("#songs-measure-state .lab-progress")
    page.get_by_role("button", name="Stop").locator("visible=true").click()
    page.wait_for_selector("#songs-measure-state >> text=Stopped")
    page.wait_for_timeout(1500)
    import psutil

    process = psutil.Process(hub.process.pid)
    before = process.cpu_times().user
    page.wait_for_timeout(2000)
    assert process.cpu_times().user - before < 0.5, "the training goes on"
    assert page.locator("#songs-measure-state .lab-progress").count() == 0
