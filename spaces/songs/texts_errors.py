# ruff: noqa: E501
"""What the lab says when something cannot be done, in both languages."""

from shared.i18n import Text, Texts

ERRORS: Texts = {
    "bad_parameter": Text(
        "{name} 要是 {low} 到 {high} 之间的整数。", "{name} must be a whole number from {low} to {high}."
    ),
    "nothing_chosen": Text("请先选至少一首歌。", "Please choose at least one song."),
    "only_disliked": Text(
        "只有不喜欢的歌，还不知道往哪边找；请再选至少一首喜欢的。",
        "With dislikes alone there is no direction to look in; please like at least one song too.",
    ),
    "cancelled_out": Text(
        "喜欢与不喜欢的歌正好互相抵消；请去掉其中一首。",
        "The likes and dislikes cancel each other out; please take one of them away.",
    ),
    "too_many_chosen": Text("最多选 {limit} 首歌。", "Up to {limit} songs can be chosen."),
    "unknown_song": Text(
        "模型不认识编号为“{song}”的歌；请用搜索得到的编号。",
        "The model does not know a song with the id “{song}”; please take an id from the search.",
    ),
    "empty_playlist": Text(
        "歌单还是空的；请先加入一首歌。", "The playlist is empty; please add a song first."
    ),
    "bad_query": Text("query 要是一段文字。", "query must be a text."),
    "bad_ids": Text(
        'song_ids 要是歌曲编号的列表，例如 ["12", "40"]。',
        'song_ids must be a list of song ids such as ["12", "40"].',
    ),
    "too_few_playlists": Text(
        "测量至少要 {n} 张有三首歌以上的歌单，这里只有 {found} 张；请多给一些。",
        "Measuring takes at least {n} playlists of three songs or more and there are {found}; please add some.",
    ),
    "data_gone": Text(
        "这份数据已给别人让出内存；请在“数据与训练”里重新载入。",
        "Your data had to make room for others'; please load them again under Data and training.",
    ),
    "data_too_large": Text(
        "这份数据太大，内存放不下；请只留一部分歌单。",
        "These data are too large to keep in memory; please use a part of the playlists.",
    ),
    "no_playlists_file": Text("请上传歌单文件。", "Please upload a file of playlists."),
    "empty_file": Text("文件 {file} 是空的；请换一个。", "The file {file} is empty; please choose another."),
    "excel_file": Text(
        "{file} 其实是 Excel 工作簿（或压缩包）；请在表格软件里另存为 CSV（UTF-8）。",
        "{file} is really an Excel workbook (or a zip); please save it as CSV (UTF-8) from the spreadsheet program.",
    ),
    "binary_file": Text(
        "{file} 不是文本文件；请上传文本或 CSV。", "{file} is not a text file; please upload text or CSV."
    ),
    "wrong_encoding": Text(
        "读不懂 {file} 的编码；请另存为 UTF-8。",
        "The encoding of {file} cannot be read; please save it as UTF-8.",
    ),
    "missing_columns": Text(
        "{file} 里找不到 id 和 title 两列（现有：{found}）；请在第一行写上列名。",
        "{file} has no columns id and title (it has: {found}); please name them in the first line.",
    ),
    "bad_csv": Text(
        "{file} 第 {line} 行不是合格的 CSV；请检查引号。",
        "Line {line} of {file} is not valid CSV; please check its quotes.",
    ),
    "no_songs": Text(
        "{file} 里没有一行是歌曲；每行要有编号、歌名、歌手。",
        "{file} holds no song; each line needs an id, a title and an artist.",
    ),
    "no_playlists": Text("{file} 里没有歌单；一行写一张。", "{file} holds no playlist; write one a line."),
    "too_much_data": Text(
        "最多处理 {playlists} 张歌单、{plays} 次播放；请只留一部分。",
        "Up to {playlists} playlists with {plays} plays fit; please use a part of them.",
    ),
    "bad_url": Text(
        "网址要以 https:// 开头，不带用户名和密码。",
        "The address must start with https:// and hold no login.",
    ),
    "url_private": Text(
        "{host} 是内部网络的地址，本站不会去取；请换一个公开网址，或上传文件。",
        "{host} is an address inside a private network, which the hub does not fetch from; please use a public one or upload the file.",
    ),
    "url_unreachable": Text(
        "连不上 {host}；请检查网络和网址，或改用上传、内置歌单。",
        "{host} cannot be reached; please check the network and the address, or upload the files or use the embedded playlists.",
    ),
    "url_status": Text(
        "{host} 回答了 {status}；请检查网址。", "{host} answered {status}; please check the address."
    ),
    "url_redirects": Text(
        "这个网址转来转去没有尽头；请填最终的网址。",
        "That address redirects again and again; please give the final one.",
    ),
    "url_too_large": Text(
        "文件超过 {limit}；请换一个小些的。", "The file is larger than {limit}; please use a smaller one."
    ),
    "url_slow": Text(
        "{seconds} 秒还没下载完；请稍后再试或改用上传。",
        "The download took more than {seconds} s; please try later or upload the file.",
    ),
}
