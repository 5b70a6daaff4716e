"""Data sets as tables: uploads of every kind, Hub ids over the loopback hub, embeddings computed once."""

import shared  # noqa: F401, I001  (first: see shared/__init__.py)

import codecs
import io
import json
import threading
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from shared.data import embeddings
from shared.data.columns import guess_label_column, guess_split_column, guess_text_column
from shared.data.embeddings import MEMORY, embed
from shared.data.hub_files import choose_files, read_hub_dataset
from shared.data.registry import DATASETS, open_dataset
from shared.data.tables import BAD_SHOWN, MAX_ROWS, as_csv, read_table
from shared.data.texts import TEXTS
from shared.errors import HubError
from shared.models import MODELS, cache, hub
from tests.hub_server import HubServer

CSV = 'text,label\nA fine film.,pos\n"Slow, and long.",neg\n'
CHINESE = "文本,标签\n很好看，推荐。,好评\n太难看了。,差评\n"


def key_of(call, *args) -> str:
    with pytest.raises(HubError) as caught:
        call(*args)
    assert caught.value.key.removeprefix("hub.") in TEXTS or caught.value.key.startswith("hub.")
    return caught.value.key


# Files


@pytest.mark.parametrize(
    ("content", "encoding", "expected"),
    [
        (CSV, "utf-8", "utf-8"),
        (CHINESE, "utf-8", "utf-8"),
        (CHINESE, "utf-8-sig", "utf-8-sig"),
        (CHINESE, "gb18030", "gb18030"),
        (CHINESE, "gbk", "gb18030"),
        (CHINESE, "utf-16", "utf-16"),
        (CSV, "utf-16-le", "utf-16-le"),
        (CSV, "utf-16-be", "utf-16-be"),
        (CSV.replace("fine", "naïve café"), "latin-1", "windows-1252"),
        (CSV.replace("fine", "“crème brûlée”"), "windows-1252", "windows-1252"),
    ],
)
def test_encoding_is_detected(content, encoding, expected):
    table = read_table(content.encode(encoding), "reviews.csv")
    rows = [line.split(",")[-1] for line in content.splitlines()[1:]]
    assert table.encoding == expected
    assert list(table.columns.values())[1] == rows
    assert next(iter(table.columns.values()))[0] == content.splitlines()[1].rsplit(",", 1)[0]


def test_a_few_broken_bytes_do_not_change_the_encoding_and_are_counted():
    data = (CHINESE * 1).encode() * 5
    broken = data.replace("推".encode(), b"\xe6\x8e", 1)
    table = read_table(broken, "x.csv")
    assert table.encoding == "utf-8" and table.damaged == 1


@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|"])
def test_delimiter_is_sniffed_though_the_texts_are_full_of_commas(delimiter):
    rows = [("text", "label"), *((f"well, number {n}, or so", "pos" if n % 2 else "neg") for n in range(9))]
    out = io.StringIO()
    import csv

    csv.writer(out, delimiter=delimiter).writerows(rows)
    table = read_table(out.getvalue().encode(), "x.csv")
    assert table.delimiter == delimiter
    assert table.columns["text"] == [text for text, _ in rows[1:]]


def test_jsonl_takes_numbers_missing_keys_and_nested_values():
    lines = [{"text": "a", "label": 1}, {"text": "b"}, {"text": "c", "label": None, "more": [1, "é"]}]
    table = read_table("\n".join(json.dumps(row) for row in lines).encode(), "x.jsonl")
    assert table.columns == {"text": ["a", "b", "c"], "label": ["1", "", ""], "more": ["", "", '[1, "é"]']}
    whole = read_table(json.dumps(lines).encode(), "x.json")
    assert whole.columns == table.columns


def test_plain_lines_are_one_column_of_texts():
    table = read_table("First line.\n\n第二行，有逗号。\nThird, with commas, too.\n".encode(), "notes.txt")
    assert table.format == "lines" and len(table) == 3


def test_bad_rows_are_counted_and_shown_and_a_stray_quote_costs_one_row():
    text = 'text,label\ngood,pos\nonly one cell\n"never closed,neg\nlast,neg\n' + "a,b,c\n" * 30
    table = read_table(text.encode(), "x.csv")
    assert table.columns == {"text": ["good", "last"], "label": ["pos", "neg"]}
    assert table.bad_count == 32 and len(table.bad) == BAD_SHOWN
    assert [(bad.line, bad.text) for bad in table.bad[:2]] == [(3, "only one cell"), (4, '"never closed,neg')]


def test_quoted_cells_may_hold_line_breaks():
    table = read_table(b'text,label\r\n"two\r\nlines",pos\r\nx,neg\r\n', "x.csv")
    assert table.columns["text"] == ["two\nlines", "x"] and table.bad_count == 0


def test_a_first_row_that_is_data_is_kept():
    table = read_table(b"0,a dull film\n1,a fine film\n", "x.csv")
    assert not table.header and table.columns == {
        "column_1": ["0", "1"],
        "column_2": ["a dull film", "a fine film"],
    }


@pytest.mark.parametrize(
    ("data", "name", "key"),
    [
        (b"", "x.csv", "hub.data_empty"),
        (b" \n\n ", "x.csv", "hub.data_empty"),
        (codecs.BOM_UTF8, "x.csv", "hub.data_empty"),
        (b"PK\x03\x04" + b"\0" * 100, "x.csv", "hub.data_excel"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 100, "x.csv", "hub.data_excel"),
        (b"\x1f\x8b\x08", "x.csv", "hub.data_packed"),
        (b"%PDF-1.7", "x.csv", "hub.data_binary"),
        (bytes(range(256)) * 20, "x.csv", "hub.data_binary"),
        (b"text,label\n", "x.csv", "hub.data_no_rows"),
        (b"{broken\nalso broken\n", "x.jsonl", "hub.data_no_rows"),
        (b"[1, 2", "x.json", "hub.data_bad_json"),
        (b'"text,label\na,b\n', "x.csv", "hub.data_no_header"),
        (",".join(f"c{n}" for n in range(300)).encode() + b"\n", "x.csv", "hub.data_too_wide"),
    ],
)
def test_what_cannot_be_read_is_one_sentence(data, name, key):
    assert key_of(read_table, data, name) == key


def test_a_hundred_thousand_rows_and_no_more():
    data = b"text,label\n" + b"".join(b"text number %d,%d\n" % (n, n % 2) for n in range(MAX_ROWS + 500))
    table = read_table(data, "big.csv")
    assert len(table) == MAX_ROWS and table.cut and table.bad_count == 0


def test_column_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(HubError) as caught:
        read_table(CSV.encode(), "x.csv").column("<script>")
    assert caught.value.values == {"name": "<script>", "names": "text, label"}


def test_columns_are_guessed_from_what_they_hold():
    rows = ["id,what was said,mood,split"]
    rows += [
        f"{n},a long sentence of many words {n},{'ab'[n % 2]},{'train' if n < 8 else 'test'}"
        for n in range(10)
    ]
    table = read_table("\n".join(rows).encode(), "x.csv")
    text = guess_text_column(table)
    assert (text, guess_label_column(table, text), guess_split_column(table)) == (
        "what was said",
        "mood",
        "split",
    )
    assert guess_label_column(read_table(b"one\ntwo\nthree\n", "x.txt"), "text") is None


def test_table_survives_the_way_through_csv():
    table = read_table(CSV.encode(), "x.csv")
    assert read_table(as_csv(table).encode(), "x.csv").columns == table.columns


# Named data sets


def test_embedded_reviews_are_gensims_two_hundred():
    table = open_dataset("pang-lee")
    assert Counter(table.columns["label"]) == {"neg": 100, "pos": 100}
    assert table.columns["text"][0] == "simplistic , silly and tedious ."
    assert not any("\ufffd" in text or "__label__" in text for text in table.columns["text"])


def test_embedded_news_are_gensims_three_hundred():
    assert len(open_dataset("news")) == 300
    assert {spec.key for spec in DATASETS.values() if not spec.repo} == {"pang-lee", "news"}


# The Hub


def parquet(columns: dict, names: dict[str, list[str]] | None = None) -> bytes:
    """A Parquet file as `datasets` writes it, with the names of its classes in the metadata."""
    import pyarrow
    import pyarrow.parquet

    features = {name: {"names": values, "_type": "ClassLabel"} for name, values in (names or {}).items()}
    table = pyarrow.table(columns).replace_schema_metadata(
        {b"huggingface": json.dumps({"info": {"features": features}}).encode()}
    )
    out = io.BytesIO()
    pyarrow.parquet.write_table(table, out)
    return out.getvalue()


@pytest.fixture
def server(monkeypatch, tmp_path):
    from huggingface_hub import constants

    with HubServer() as running:
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hf"))
        monkeypatch.setattr(hub, "_online", True)
        yield running


@pytest.fixture
def cached(monkeypatch, tmp_path):
    """snapshot_download's default folder is bound at import: every call is given another one."""
    import huggingface_hub

    real = huggingface_hub.snapshot_download
    monkeypatch.setattr(
        huggingface_hub,
        "snapshot_download",
        lambda *args, **kwargs: real(*args, **{"cache_dir": tmp_path / "hf", **kwargs}),
    )


def test_rotten_tomatoes_comes_with_its_splits_and_class_names(server, cached):
    rows = {"train": ["good", "bad"], "validation": ["so so"], "test": ["fine"]}
    files = {
        f"{split}.parquet": parquet({"text": texts, "label": [1, 0][: len(texts)]}, {"label": ["neg", "pos"]})
        for split, texts in rows.items()
    }
    files["rotten_tomatoes.py"] = b"raise SystemExit('a script ran')"
    server.add("datasets/cornell-movie-review-data/rotten_tomatoes", files)
    table = read_hub_dataset("cornell-movie-review-data/rotten_tomatoes")
    assert table.columns == {
        "text": ["good", "bad", "so so", "fine"],
        "label": ["pos", "neg", "pos", "pos"],
        "split": ["train", "train", "validation", "test"],
    }
    asked = {seen.file for seen in server.seen if seen.file}
    assert asked == {"train.parquet", "validation.parquet", "test.parquet"}


def test_a_downloaded_data_set_is_there_without_a_network(server, cached, monkeypatch):
    server.add("datasets/org/small", {"data/train.jsonl": b'{"text": "a", "label": "x"}\n'})
    assert len(read_hub_dataset("org/small")) == 1
    monkeypatch.setattr(hub, "_online", False)
    assert read_hub_dataset("org/small").columns == {"text": ["a"], "label": ["x"]}
    assert key_of(read_hub_dataset, "org/never-seen") == "hub.offline_dataset"


def test_hub_refusals_are_one_sentence_each(server, cached):
    server.add("datasets/org/script", {"script.py": b"import os", "README.md": b"# hi"})
    server.add("datasets/org/gated", {"train.csv": CSV.encode()})
    server.add("datasets/org/damaged", {"train.parquet": b"PAR1 not really"})
    server.fail("datasets/org/gated", 401)
    assert key_of(read_hub_dataset, "org/script") == "hub.data_no_table"
    assert key_of(read_hub_dataset, "org/nothing") == "hub.unknown_repo"
    assert key_of(read_hub_dataset, "../etc/passwd") == "hub.data_unknown"
    assert key_of(read_hub_dataset, "org/gated") == "hub.token_refused"
    assert key_of(read_hub_dataset, "org/damaged") == "hub.data_damaged"
    assert key_of(open_dataset, "  ") == "hub.data_unknown"


def test_default_configuration_is_the_cards_or_else_the_one_with_a_test_part():
    names = [
        "split/train-00000-of-00001.parquet",
        "split/test-00000-of-00001.parquet",
        "unsplit/train-00000-of-00001.parquet",
    ]
    assert [part.file for part in choose_files(names, {})] == names[:2]
    card = {
        "configs": [
            {"config_name": "split", "data_files": [{"split": "train", "path": "split/*"}]},
            {"config_name": "all", "default": True, "data_files": [{"split": "train", "path": "unsplit/*"}]},
        ]
    }
    assert [part.file for part in choose_files(names, card)] == names[2:]
    assert [(p.split, p.file) for p in choose_files(["b/test.csv", "b/train.csv", "x.py"], {})] == [
        ("train", "b/train.csv"),
        ("test", "b/test.csv"),
    ]


# Embeddings


@pytest.fixture
def store(monkeypatch, tmp_path) -> Path:
    """An empty store."""
    monkeypatch.setattr(embeddings, "store_folder", lambda: tmp_path / "embeddings")
    MEMORY.clear()
    yield tmp_path / "embeddings"
    MEMORY.clear()


TEXTS_OF_THREE = ["A fine film.", "狗在雪地里玩耍 😀", "A fine film.", ""]


def test_embeddings_are_the_librarys_own(store):
    with cache().lease(MODELS["minilm-l6"]) as model:
        expected = model.encode(TEXTS_OF_THREE, normalize_embeddings=True)
    found = embed(TEXTS_OF_THREE)
    np.testing.assert_allclose(found.array, expected, atol=1e-5)
    assert found.array.dtype == np.float32 and not found.array.flags.writeable
    assert found.fresh == 3  # the repeated text is encoded once


def test_second_embedding_computes_nothing_even_after_a_restart(store, monkeypatch):
    first = embed(TEXTS_OF_THREE)
    monkeypatch.setattr(embeddings, "open_embedder", None)  # calling it would fail
    again = embed(list(reversed(TEXTS_OF_THREE)))
    MEMORY.clear()
    from_disk = embed(TEXTS_OF_THREE)
    assert again.fresh == from_disk.fresh == 0
    np.testing.assert_array_equal(from_disk.array, first.array)
    np.testing.assert_array_equal(again.array, first.array[::-1])
    assert from_disk.seconds == pytest.approx(first.seconds, abs=1e-5)


def test_no_text_is_kept_on_disk_and_nothing_half_written(store):
    embed(["a secret that nobody else should read"])
    (file,) = store.iterdir()
    assert file.suffix == ".safetensors" and b"secret" not in file.read_bytes()
    assert "secret" not in file.name


def test_what_a_visitor_types_is_not_kept_on_disk(store):
    assert embed(["typed just now"], keep=False).fresh == 1
    assert not store.exists() and embed(["typed just now"], keep=False).fresh == 0


def test_damaged_file_is_made_again(store):
    first = embed(["one", "two"])
    (file,) = store.iterdir()
    file.write_bytes(b"not safetensors")
    MEMORY.clear()
    again = embed(["one", "two"])
    assert again.fresh == 2
    np.testing.assert_allclose(again.array, first.array, atol=1e-6)


def test_another_model_has_its_own_vectors():
    ids = {embeddings.model_identity(key) for key in ("minilm-l6", "gte-small", "bge-small-en")}
    assert len({embeddings.content_key(identity, ["a"]) for identity in ids}) == 3
    one, other = (embeddings.content_key("m", texts) for texts in (["ab", "c"], ["a", "bc"]))
    assert one != other


def test_stopping_keeps_finished_blocks(store, monkeypatch):
    monkeypatch.setattr(embeddings, "BLOCK", 4)
    texts = [f"text number {n}" for n in range(8)]

    class Stop(Exception):
        pass

    def stop(done: int, total: int) -> None:
        assert total == 8
        if done > 4:
            raise Stop

    with pytest.raises(Stop):
        embed(texts, progress=stop)
    assert len(list(store.iterdir())) == 1
    assert embed(texts).fresh == 4


def test_visitors_with_the_same_data_share_one_computation(store):
    texts = [f"the same text {n}" for n in range(40)]
    found = []
    threads = [threading.Thread(target=lambda: found.append(embed(texts))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(vectors.fresh for vectors in found) == 40
    assert all(np.array_equal(vectors.array, found[0].array) for vectors in found)


def test_memory_and_disk_stay_bounded(store, monkeypatch):
    monkeypatch.setattr(embeddings, "MEMORY_BYTES", 384 * 4 * 2)
    monkeypatch.setattr(embeddings, "DISK_BYTES", 5000)
    for n in range(5):
        embed([f"text {n}"])
    assert len(MEMORY._blocks) == 2
    assert sum(file.stat().st_size for file in store.iterdir()) <= 5000


def test_half_a_character_is_refused_before_the_model(store):
    assert key_of(embed, ["fine", "a\ud800"]) == "hub.bad_unicode"
