"""The runnable script behind the page: bare gensim on the open choice, to the same numbers."""

from pprint import pformat

from shared.settings import settings
from spaces.songs import lab, loading
from spaces.songs.dataset import Dataset
from spaces.songs.evaluate import MAX_TESTS, MIN_TEST_SONGS, TEST_SHARE
from spaces.songs.lab import Choice
from spaces.songs.picks import Picks
from spaces.songs.recommend import LAST

_HEAD = '''"""Songs as words, playlists as sentences. Needs: pip install gensim"""

import random
{imports}
from gensim.models import Word2Vec

{read}
rows = (line.rstrip().split("\\t") for line in song_file.split("\\n"))
songs = {{row[0]: f"{{row[1]}} · {{row[2]}}" for row in rows if len(row) == 3}}
# the first two lines describe the data; a list of one song teaches nothing
playlists = [line.split() for line in playlist_file.split("\\n")[2:] if len(line.split()) > 1]
'''
_KEPT = """# the embedded songs and synthetic playlists: the hub keeps them here, in the tutorial's format
folder = Path(os.environ.get("HUB_HOME") or "~/.cache/hands-on-llm").expanduser() / "songs" / "embedded"
song_file = (folder / "song_hash.txt").read_text(encoding="utf-8")
playlist_file = (folder / "train.txt").read_text(encoding="utf-8")
"""
_FETCHED = """song_file = urlopen({songs!r}).read().decode("utf-8")
playlist_file = urlopen({playlists!r}).read().decode("utf-8")
"""
_OWN = """# your own files, in the tutorial's format
song_file = Path("song_hash.txt").read_text(encoding="utf-8")
playlist_file = Path("train.txt").read_text(encoding="utf-8")
"""
_TRAIN = '''
# The last song of every fifth playlist is hidden, to see later whether it is found.
able = [i for i, p in enumerate(playlists) if len(p) >= {least} and p[-1] not in p[:-1]]
tests = random.Random({p.seed}).sample(able, min({most}, round({share} * len(able))))
hidden = {{i: playlists[i][-1] for i in tests}}
training = [p[:-1] if i in hidden else p for i, p in enumerate(playlists)]

model = Word2Vec(
    training,
    vector_size={p.vector_size},
    window={p.window},
    negative={p.negative},
    epochs={p.epochs},
    seed={p.seed},
    min_count=1,
    workers=1,  # with more, the order of the updates changes from run to run, and so do the numbers
)


def following(playlist, top_n):
    """The songs nearest to the mean of the last {last}; what was played is left out."""
    known = [song for song in playlist if song in model.wv]
    if not known:
        return []
    hits = model.wv.most_similar(positive=known[-{last}:], topn=top_n + len(known))
    return [hit for hit in hits if hit[0] not in known][:top_n]


def show(title, hits):
    print(title)
    for song, similarity in hits:
        print(f"  {{similarity:.3f}}  {{songs.get(song, song)}}")


found = sum(song in dict(following(playlists[i][:-1], 10)) for i, song in hidden.items())
print(f"recall@10: {{found / len(hidden):.3f}}")
'''


def snippet(choice: Choice, picks: Picks) -> str:
    """A script of its own: trains as the page did and prints what the page shows."""
    data = lab.dataset(choice.data)
    if data.source == "source_embedded":
        _write_embedded(data)
        head = _HEAD.format(imports="import os\nfrom pathlib import Path\n", read=_KEPT)
    elif data.source == "source_tutorial":
        read = _FETCHED.format(songs=loading.SONGS_URL, playlists=loading.PLAYLISTS_URL)
        head = _HEAD.format(imports="from urllib.request import urlopen\n", read=read)
    else:
        head = _HEAD.format(imports="from pathlib import Path\n", read=_OWN)
    script = head + _TRAIN.format(
        p=choice.params, least=MIN_TEST_SONGS, most=MAX_TESTS, share=TEST_SHARE, last=LAST
    )
    liked = list(picks.liked) or ([] if picks.playlist else [next(iter(data.songs))])
    if liked:
        script += f"\nliked, disliked = {_list(liked)}, {_list(picks.disliked)}\n"
        script += 'show("close to what you like:", model.wv.most_similar(liked, disliked, topn=10))\n'
    if picks.playlist:
        script += f'\nshow("next in the playlist:", following({_list(picks.playlist)}, 5))\n'
    return script


def _list(ids: list[str] | tuple[str, ...]) -> str:
    return pformat(list(ids), width=100, compact=True)


def _write_embedded(data: Dataset) -> None:
    """The embedded data as files in the tutorial's format, for the script."""
    folder = settings().home / "songs" / "embedded"
    folder.mkdir(parents=True, exist_ok=True)
    songs = "".join(f"{s.id}\t{s.title}\t{s.artist}\n" for s in data.songs.values())
    lists = "# synthetic playlists over real songs\n# one playlist a line\n"
    lists += "".join(" ".join(playlist) + "\n" for playlist in data.playlists)
    for name, text in (("song_hash.txt", songs), ("train.txt", lists)):
        file = folder / name
        if not file.is_file() or file.stat().st_size != len(text.encode()):
            beside = file.with_suffix(".part")
            beside.write_text(text, encoding="utf-8", newline="\n")
            beside.replace(file)
