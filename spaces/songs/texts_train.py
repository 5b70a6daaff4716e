# ruff: noqa: E501
"""The sentences of the training tab, in both languages."""

from shared.i18n import Text, Texts

TRAIN: Texts = {
    "playlists_from": Text("歌单来自", "Playlists from"),
    "from_embedded": Text("内置（合成）", "embedded (synthetic)"),
    "from_url": Text("网址（教程的电台歌单）", "an address (the tutorial's radio playlists)"),
    "from_upload": Text("上传", "upload"),
    "songs_url": Text("歌曲表的网址（可空）", "Address of the song list (may be empty)"),
    "playlists_url": Text("歌单的网址", "Address of the playlists"),
    "url_note": Text(
        "只接受 https 的公开网址，每个文件最多 64 MB；下载过的文件会留在本机。",
        "Public https addresses only, up to 64 MB a file; what was fetched once is kept.",
    ),
    "songs_file": Text("歌曲表（可不传）", "Song list (optional)"),
    "playlists_file": Text("歌单", "Playlists"),
    "upload_note": Text(
        "歌单：教程的 train.txt（前两行是说明，跳过）；或 CSV，一行一张歌单，或 playlist_id,song 两列。歌曲表：song_hash.txt，或带 id,title,artist 列的 CSV。",
        "Playlists: the tutorial's train.txt (its first two lines describe the data and are skipped), or a CSV with one playlist a row or the columns playlist_id,song. Song list: song_hash.txt, or a CSV with the columns id,title,artist.",
    ),
    "remove_files": Text("移除文件", "Remove the files"),
    "file": Text("用途", "Used as"),
    "file_name": Text("文件", "File"),
    "file_size": Text("大小", "Size"),
    "size_info": Text("向量有几维", "numbers in a vector"),
    "window_info": Text("前后各看几首歌", "songs looked at on each side"),
    "negative_info": Text("每对歌配几首随机的反例", "random counter-examples for each pair"),
    "epochs_info": Text("把歌单读几遍", "how often the playlists are read"),
    "train": Text("训练", "Train"),
    "train_empty": Text(
        "按“训练”：损失一轮一轮地降，然后是命中率和读入了什么。整个页面随后都用这个模型。",
        "Press Train: the loss falls epoch by epoch, then come the measures and what was read. The whole page then uses this model.",
    ),
    "reading": Text("正在读取歌单", "reading the playlists"),
    "training": Text("正在用 {playlists} 张歌单训练", "training on {playlists} playlists"),
    "epoch_progress": Text("第 {n} 轮，共 {of} 轮", "epoch {n} of {of}"),
    "measuring": Text("正在测量", "measuring"),
    "loss": Text("每轮损失", "loss of the epoch"),
    "known_model": Text(
        "同样的数据和设置已训练过，结果直接取用。",
        "The same data and settings were trained before; that result was taken.",
    ),
    "n_songs": Text("有向量的歌", "songs with a vector"),
    "n_playlists": Text("歌单", "playlists"),
    "recall_popularity": Text("recall@10，热门榜", "recall@10, popularity"),
    "recall_together": Text("recall@10，共现", "recall@10, co-occurrence"),
    "read": Text("读入了什么", "What was read"),
    "synthetic_detail": Text(
        "合成歌单，做法见讲解", "synthetic playlists; the lesson says how they are made"
    ),
    "what": Text("项目", "What"),
    "how_many": Text("数量", "How many"),
    "tests_note": Text(
        "用 {n} 张歌单测量，它们的最后一首没有参加训练。",
        "Measured on {n} playlists, whose last song was not trained on.",
    ),
    "format_radio": Text(
        "看作教程的格式：每行是用空格分开的歌曲 id", "read as the tutorial's format: ids parted by spaces"
    ),
    "format_rows": Text("看作 CSV：一行一张歌单", "read as a CSV with one playlist a row"),
    "format_pairs": Text("看作 CSV：歌单编号与歌曲两列", "read as a CSV with a playlist and a song column"),
    "count_playlists": Text("用于训练的歌单", "playlists used"),
    "count_songs": Text("歌单里出现的歌", "songs in them"),
    "count_short": Text("只有一首歌的歌单（跳过）", "playlists of one song (skipped)"),
    "count_nameless": Text("没有资料的歌（以编号显示）", "songs without metadata (shown by their id)"),
    "count_unplayed": Text("歌曲表里没人播放的歌", "songs of the list that nobody played"),
    "count_header": Text("开头的说明行（跳过）", "header lines (skipped)"),
    "count_bad_songs": Text(
        "歌曲表里读不懂的行（跳过）", "lines of the song list that were no song (skipped)"
    ),
    "count_repeated_songs": Text("重复的歌曲编号（留第一个）", "repeated song ids (the first one stays)"),
    "count_bad_rows": Text("歌单里缺列的行（跳过）", "rows with a missing cell (skipped)"),
}
