"""Every sentence of this lab, in both languages."""

from shared.i18n import Text, Texts
from spaces.songs.texts_errors import ERRORS
from spaces.songs.texts_train import TRAIN

_HEAD: Texts = {
    "title": Text("歌曲", "Songs"),
    "summary": Text(
        "把歌单当句子，把歌当词：Word2Vec 只看谁和谁同在一张歌单里，就学会了哪些歌相近。",
        "Playlists as sentences, songs as words: Word2Vec sees only which songs keep company, and learns which are alike.",
    ),
    "tab_recommend": Text("推荐", "Recommend"),
    "tab_map": Text("地图", "Map"),
    "tab_measure": Text("测量", "Measure"),
    "tab_train": Text("数据与训练", "Data and training"),
    "training_default": Text("正在用内置歌单训练 Word2Vec", "training Word2Vec on the embedded playlists"),
    "source_embedded": Text(
        "{songs} 首真实歌曲，{playlists} 张合成歌单（由程序生成，不是真人的）",
        "{songs} real songs, {playlists} synthetic playlists (made by a program, not by people)",
    ),
    "source_tutorial": Text(
        "教程的电台歌单：{songs} 首歌，{playlists} 张歌单",
        "the tutorial's radio playlists: {songs} songs, {playlists} playlists",
    ),
    "source_url": Text(
        "下载的数据：{songs} 首歌，{playlists} 张歌单",
        "downloaded data: {songs} songs, {playlists} playlists",
    ),
    "source_upload": Text(
        "你的数据：{songs} 首歌，{playlists} 张歌单", "your data: {songs} songs, {playlists} playlists"
    ),
    "status_params": Text(
        "{size} 维，窗口 {window}，负样本 {negative}，{epochs} 轮，种子 {seed}",
        "{size} dimensions, window {window}, {negative} negatives, {epochs} epochs, seed {seed}",
    ),
    "status_recall": Text(
        "recall@10：Word2Vec {recall}，共现 {together}，热门榜 {popular}",
        "recall@10: Word2Vec {recall}, co-occurrence {together}, popularity {popular}",
    ),
    "more_settings": Text("更多设置", "More settings"),
    "csv": Text("下载 CSV", "CSV"),
    "stop": Text("停止", "Stop"),
    "stopped": Text("已停止。", "Stopped."),
}

_RECOMMEND: Texts = {
    "search": Text("找歌", "Find a song"),
    "search_placeholder": Text("歌名、歌手或两者，拼错也行", "title, artist or both; typos are forgiven"),
    "search_hint": Text(
        "输入几个字就会出现结果；再点“喜欢”“不喜欢”或“加入歌单”。",
        "Type a few letters, then press Like, Dislike or Add to playlist.",
    ),
    "search_nothing": Text("没有相近的歌；换个写法试试。", "No song is like that; try another spelling."),
    "examples": Text("试试这些", "Try these"),
    "example_queen": Text("喜欢 Bohemian Rhapsody", "Like Bohemian Rhapsody"),
    "example_jay": Text("喜欢《晴天》", "Like 晴天 by 周杰伦"),
    "example_minus": Text(
        "Teardrop + Ain't No Sunshine − One More Time", "Teardrop + Ain't No Sunshine − One More Time"
    ),
    "example_playlist": Text("续写一张爵士歌单", "Continue a jazz playlist"),
    "top_n": Text("推荐几首", "Recommendations"),
    "act_like": Text("喜欢", "Like"),
    "act_dislike": Text("不喜欢", "Dislike"),
    "act_play": Text("加入歌单", "Add to playlist"),
    "act_forget": Text("取消", "Remove"),
    "act_unplay": Text("移出歌单", "Remove from playlist"),
    "act_choose": Text("查看", "Show"),
    "liked": Text("喜欢", "Liked"),
    "disliked": Text("不喜欢", "Disliked"),
    "none_yet": Text("还没有", "none yet"),
    "close_to": Text("与你的喜好最近的歌", "Closest to what you like"),
    "cosine": Text("余弦相似度", "cosine similarity"),
    "results_empty": Text(
        "选几首喜欢的歌，这里会列出离它们最近的歌和相似度。先点左边的例子看看。",
        "Like a few songs and the ones nearest to them appear here, with their similarity. An example on the left is a quick start.",
    ),
    "playlist": Text("歌单", "Playlist"),
    "playlist_detail": Text("按播放顺序", "in the order of play"),
    "playlist_empty": Text(
        "还是空的。把歌加进来，或按“续写”，从你喜欢的歌开始。",
        "Still empty. Add songs, or press Continue to start from what you like.",
    ),
    "next": Text("接下来可能是", "What may come next"),
    "next_detail": Text(
        "离最后三首歌的平均向量最近，放过的不算",
        "nearest to the mean of the last three songs; played ones are left out",
    ),
    "continue": Text("续写 {n} 首", "Continue by {n} songs"),
    "clear": Text("全部清空", "Clear everything"),
}

_MAP: Texts = {
    "colour_by": Text("着色", "Colour by"),
    "by_genre": Text("流派", "genre"),
    "by_era": Text("年代", "decade"),
    "by_artist": Text("歌手", "artist"),
    "group_rest": Text("其他", "others"),
    "search_map": Text("在地图上找歌", "Find on the map"),
    "card_empty": Text(
        "点地图上的一个点：这里会出现这首歌、它的邻居和“喜欢”“加入歌单”按钮。",
        "Click a point on the map: the song, its neighbours and the Like and Add buttons appear here.",
    ),
    "chosen_song": Text("选中的歌", "Chosen song"),
    "plays": Text("在训练歌单里出现 {n} 次", "{n} plays in the training playlists"),
    "neighbours": Text("最近的邻居", "Nearest neighbours"),
    "map_loading": Text("打开后开始绘制地图", "the map is drawn when a model is ready"),
    "map_pca": Text(
        "先看 PCA 的草图；UMAP 正在排布（首次要载入，约十几秒）",
        "a first sketch by PCA; UMAP is at work (the first time it loads for some ten seconds)",
    ),
    "map_umap": Text(
        "UMAP（余弦距离，固定种子）：近处可信，远处的距离不要当真。黑线是歌单，圈是喜欢或不喜欢的歌。拖动、滚轮缩放、点选。",
        "UMAP (cosine distance, fixed seed): trust what is near, not how far the far is. The black line is the playlist, rings are likes and dislikes. Drag, scroll to zoom, click.",
    ),
    "map_cut": Text(
        "只画播放最多的 {shown} 首，共 {songs} 首。", " The {shown} most played of {songs} songs are drawn."
    ),
    "map_aria": Text(
        "歌曲地图；方向键移动，加减键缩放", "Map of songs; arrow keys move, plus and minus zoom"
    ),
    "zoom_in": Text("放大", "Zoom in"),
    "zoom_out": Text("缩小", "Zoom out"),
    "zoom_fit": Text("全图", "Fit"),
}

_MEASURE: Texts = {
    "measure_how": Text(
        "{share} 的歌单各藏起最后一首，看它排第几。recall@10：排进前十的比例；MRR：名次倒数的平均。三种方法看到的歌单相同。",
        "The last song of {share} of the playlists is hidden: at which rank is it found? recall@10 is the share found among the first ten, MRR the mean of 1 / rank. All three methods see the same playlists.",
    ),
    "compare": Text("用 {n} 个种子比较", "Compare with {n} seeds"),
    "curve": Text("随训练轮数变化", "Curve against epochs"),
    "curve_how": Text(
        "每个点都从头训练：{epochs} 轮，各用三个种子。种子同时决定藏哪些歌单。",
        "Every point is a training of its own: {epochs} epochs, three seeds each. The seed also draws the test playlists.",
    ),
    "measure_empty": Text(
        "这里会比较 Word2Vec、共现和热门榜的命中率，带误差；也能看训练过头时曲线怎样掉下来。点“用 3 个种子比较”开始。",
        "Word2Vec, co-occurrence and popularity side by side, with their spread, and the curve that falls when the training goes on too long. Start with Compare.",
    ),
    "measure_progress": Text("正在训练第 {n} 个模型，共 {of} 个", "training model {n} of {of}"),
    "compared": Text("谁找到了藏起来的歌", "Who finds the hidden songs"),
    "compared_detail": Text(
        "平均 ± 标准差，{n} 个种子（{first} 到 {last}）",
        "mean ± standard deviation, {n} seeds ({first} to {last})",
    ),
    "method": Text("方法", "Method"),
    "method_word2vec": Text("Word2Vec", "Word2Vec"),
    "method_cooccurrence": Text("共现", "co-occurrence"),
    "method_popularity": Text("热门榜", "popularity"),
    "beats_popularity": Text(
        "Word2Vec 的 recall@10 是热门榜的 {times} 倍。",
        "Word2Vec's recall@10 is {times} times that of popularity. ",
    ),
    "loses_popularity": Text(
        "Word2Vec 没有胜过热门榜：多给些歌单，或换个训练轮数。",
        "Word2Vec does not beat popularity here: it needs more playlists, or another number of epochs. ",
    ),
    "loses_together": Text(
        "直接数共现更准：歌不多、歌单不少时，计数已经够用；向量的好处在别处，能加减、能画图、能接着用。",
        "Counting shared playlists does better: with few songs and many playlists the counts are enough. Vectors earn their keep elsewhere: they add, subtract, draw a map and feed other models.",
    ),
    "beats_together": Text("也不输给共现。", "It is no worse than co-occurrence."),
    "curve_title": Text("recall@10 随训练轮数变化", "recall@10 against epochs"),
    "epochs": Text("轮数", "epochs"),
    "over_training": Text(
        "{best} 轮时最好；到 {last} 轮，模型把训练歌单背得太熟，藏起来的歌反而找得少了。",
        "Best at {best} epochs. By {last} the model knows the training playlists too well and finds fewer of the hidden songs.",
    ),
}

_GENRES: Texts = {
    "genre_classic_rock": Text("经典摇滚", "classic rock"),
    "genre_metal": Text("金属", "metal"),
    "genre_punk": Text("朋克与新浪潮", "punk & new wave"),
    "genre_alternative": Text("另类", "alternative"),
    "genre_pop": Text("流行", "pop"),
    "genre_soul": Text("灵魂与 R&B", "soul & R&B"),
    "genre_hiphop": Text("嘻哈", "hip-hop"),
    "genre_electronic": Text("电子", "electronic"),
    "genre_jazz": Text("爵士", "jazz"),
    "genre_folk": Text("乡村与民谣", "country & folk"),
    "genre_mandopop": Text("国语流行", "Mandopop"),
    "genre_cantopop": Text("粤语流行", "Cantopop"),
    "genre_chinese_rock": Text("华语摇滚与民谣", "Chinese rock & folk"),
}

TEXTS: Texts = {**_HEAD, **_RECOMMEND, **_MAP, **_MEASURE, **TRAIN, **_GENRES, **ERRORS}
