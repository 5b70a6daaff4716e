"""Every sentence of the frame and of the heatmap and step-by-step views, in both languages."""

from shared.i18n import Text, Texts

TEXTS: Texts = {
    "title": Text("注意力", "Attention"),
    "summary": Text(
        "用你自己的一句话，看模型的每个注意力头在看哪里，再一步一步把它算出来。",
        "See where every attention head of a model looks in your own sentence, and work it out step by step.",
    ),
    # Left column
    "text": Text("文本", "Text"),
    "text_placeholder": Text("写一句话，至少两个词", "Write a sentence of two words or more"),
    "text_pair": Text("第二段文本", "Second text"),
    "text_pair_hint": Text(
        "编码器会把两段一起读；编码器-解码器（T5）把它当作解码器已写出的译文。可以留空。",
        "An encoder reads both together; an encoder-decoder (T5) takes it for what its decoder has written. May stay empty.",
    ),
    "model": Text("模型", "Model"),
    "run": Text("运行", "Run"),
    "examples": Text("示例", "Examples"),
    "example_zh": Text("猫和毛线球", "猫和毛线球 (Chinese)"),
    "example_en": Text("同一句的英文", "The cat and the yarn"),
    "example_street": Text("英文：动物太累", "The animal, too tired"),
    "example_wide": Text("英文：街太宽", "The street, too wide"),
    "example_pair": Text("两句话（编码器）", "A pair, for an encoder"),
    "example_repeat": Text("一串重复的词", "A repeated sequence"),
    "model_note": Text(
        "SmolLM2 从左往右读，每个词元只看得见它自己和左边的；MiniLM 是双向的编码器，只认识英文，汉字对它都是 [UNK]。层和头从 0 数起。",
        "SmolLM2 reads from left to right: a token sees itself and what is before it. MiniLM is an encoder and reads both ways; it knows English only, and Chinese characters are [UNK] to it. Layers and heads count from 0.",
    ),
    "tab_heatmap": Text("热力图", "Heatmap"),
    "tab_steps": Text("逐步计算", "Step by step"),
    # Heatmap
    "heat_empty": Text(
        "点“运行”或左边的一个示例：这里会出现所有层、所有头的缩略图，点一个就能放大，再指向格子读数。",
        "Press Run, or click an example: thumbnails of every head in every layer appear here; click one to see it large, and point at a cell to read its weight.",
    ),
    "kept": Text(
        "文本有 {total} 个词元，这里只画前 {kept} 个。", "Showing the first {kept} of {total} tokens."
    ),
    "kind": Text("哪一种注意力", "Which attention"),
    "part_self": Text("自注意力", "Self-attention"),
    "part_decoder": Text("解码器自注意力", "Decoder self-attention"),
    "part_cross": Text("交叉注意力", "Cross-attention"),
    "what": Text("画什么", "What to draw"),
    "mean_none": Text("一个头", "One head"),
    "mean_layer": Text("这一层的平均", "Mean of the layer"),
    "mean_all": Text("全部平均", "Mean of all"),
    "mean_rollout": Text("rollout", "Rollout"),
    "title_all": Text("所有层、所有头的平均", "Mean over all layers and heads"),
    "title_rollout": Text(
        "注意力 rollout：把各层的平均注意力（一半换成残差连接的单位矩阵）从第一层乘到最后一层",
        "Attention rollout: the layers' mean attention, half of it replaced by the identity for the residual connection, multiplied from the first layer to the last",
    ),
    "layer_name": Text("第 {layer} 层，所有头的平均", "Layer {layer}, mean over its heads"),
    "head_name": Text("第 {layer} 层 · 第 {head} 头", "Layer {layer} · head {head}"),
    "measure": Text("缩略图", "Thumbnails"),
    "measure_none": Text("注意力权重", "attention weights"),
    "measure_link": Text("两词之间的权重", "weight between the words"),
    "measure_entropy": Text("熵", "entropy"),
    "measure_previous": Text("看前一个词元", "previous token"),
    "measure_first": Text("看第一个词元", "first token"),
    "measure_same": Text("看自己", "same token"),
    "drawing": Text("画法", "Drawing"),
    "drawing_heat": Text("热力图", "Heatmap"),
    "drawing_lines": Text("连线", "Lines"),
    "zoom_in": Text("放大", "Larger"),
    "zoom_out": Text("缩小", "Smaller"),
    "grid_label": Text(
        "所有头的缩略图：用方向键换一个头",
        "Thumbnails of all heads: choose another with the arrow keys",
    ),
    "grid_across": Text(
        "从左到右是层，从上到下是头。", "Layers from left to right, heads from top to bottom."
    ),
    "grid_down": Text("从上到下是层，从左到右是头。", "Layers from top to bottom, heads from left to right."),
    "heat_label": Text(
        "注意力热力图：用方向键移动到一个格子",
        "Heatmap of attention: move to a cell with the arrow keys",
    ),
    "lines_label": Text(
        "注意力连线：用方向键选一个词元，只看它的线",
        "Lines of attention: choose a token with the arrow keys to see its lines alone",
    ),
    "legend": Text(
        "行是查询（谁在看），列是键（被看的）；颜色深浅是权重的平方根，斜线是看不见的",
        "rows are queries (who looks), columns are keys (what is looked at); the shade is the square root of the weight, hatching is what cannot be seen",
    ),
    "hint": Text(
        "指向一个格子或词元，读出它的权重。",
        "Point at a cell or a token to read its weight.",
    ),
    "cell": Text(
        "查询 {query}（{i}）→ 键 {key}（{j}）：{weight}", "query {query} ({i}) → key {key} ({j}): {weight}"
    ),
    "cell_hidden": Text(
        "查询 {query}（{i}）看不见后面的 {key}（{j}）：因果掩码",
        "query {query} ({i}) cannot see {key} ({j}), which comes later: the causal mask",
    ),
    "column_head": Text("头", "head"),
    "column_link": Text("两词", "words"),
    "column_entropy": Text("熵", "entropy"),
    "column_previous": Text("前一个", "prev."),
    "column_first": Text("第一个", "first"),
    "column_same": Text("自己", "same"),
    "explain_head": Text("层.头", "layer.head"),
    "explain_link": Text(
        "上面选的两个词之间的权重：键的各个词元相加，查询的各个词元取平均",
        "weight between the two words chosen above: added over the key's tokens, averaged over the query's",
    ),
    "explain_entropy": Text(
        "每行权重的熵，对所有查询取平均：0 比特是只看一处，越大越分散",
        "entropy of a row of weights, mean over the queries: 0 bits is a single place, more is more spread out",
    ),
    "explain_previous": Text("给前一个词元的权重，平均", "weight on the token before, mean"),
    "explain_first": Text(
        "给第一个词元的权重，平均（不算第一行）", "weight on the first token, mean without the first row"
    ),
    "explain_same": Text(
        "给自己的权重，平均（不算第一行）", "weight of a token on itself, mean without the first row"
    ),
    "bits": Text("比特", "bits"),
    "find_title": Text("哪些头把两个词连起来？", "Which heads connect two words?"),
    "find_how": Text(
        "各点一个词；按住 Shift 再点一个，选中两者之间的全部。",
        "Click a word in each row; with Shift a second click takes all between them.",
    ),
    "slot_queries": Text("谁在看", "Who looks"),
    "slot_keys": Text("看谁", "At what"),
    "found": Text(
        "最强的是 {head}：权重 {weight}（若平均分配会是 {even}）。{all} 个头里有 {many} 个达到平均分配的两倍。",
        "The strongest is {head}, with weight {weight} (spread evenly it would be {even}). {many} of {all} heads reach twice that.",
    ),
    "no_answer": Text("服务器没有回答，请再试一次。", "The server did not answer; please try again."),
    # Step by step
    "steps_empty": Text(
        "点“运行”或左边的一个示例：这里会写出一个头对一个词元的全部计算，从 q、k、v 到这一层的输出。",
        "Press Run, or click an example: everything that one head computes for one token appears here, from q, k and v to the layer's output.",
    ),
    "layer": Text("层", "Layer"),
    "head": Text("头", "Head"),
    "query_token": Text("查询词元", "Query token"),
    "with_scaling": Text("除以 √d_k", "Divide by √d_k"),
    "step_q": Text("一 · 查询", "1 · The query"),
    "step_q_why": Text(
        "第 {layer} 层第 {head} 头用自己的矩阵 W_Q 把 {token} 的 {width} 维向量变成 {d} 维的查询 q：“我在找什么”。同样得到每个词元的键 k 和值 v。",
        "Head {head} of layer {layer} turns the {width} numbers of {token} into a query q of {d}: what it is looking for. Each token gets a key k and a value v in the same way.",
    ),
    "step_scores": Text("二 · 打分、缩放、掩码、softmax", "2 · Scores, scaling, mask, softmax"),
    "step_scores_why": Text(
        "q 与每个词元的 k 做点积，除以 √d_k，遮住看不见的，再用 softmax 变成和为 1 的 {n} 个权重。",
        "The dot product of q with every token's k, divided by √d_k, what cannot be seen masked, turned by the softmax into {n} weights that sum to 1.",
    ),
    "step_sum": Text("三 · 值的加权和", "3 · The weighted sum of the values"),
    "step_sum_why": Text(
        "每个词元的 v 乘上它的权重，加起来：{token} 从上文取回的 {d} 个数。",
        "Each token's v times its weight, added up: the {d} numbers that {token} takes from the text.",
    ),
    "step_concat": Text("四 · 拼接所有头，乘 W_O", "4 · All heads side by side, times W_O"),
    "step_concat_why": Text(
        "{heads} 个头的输出首尾相接，乘上 W_O，回到 {width} 维：这一层注意力的输出，接下来加到 {token} 的向量上。",
        "The outputs of {heads} heads side by side, times W_O, are {width} numbers again: the attention output of this layer, which is then added to the vector of {token}.",
    ),
    "note_rotary": Text(
        "q 和 k 已按各自的位置旋转过（RoPE）。", "q and k have been rotated by their positions (RoPE)."
    ),
    "note_groups": Text(
        "{heads} 个查询头共用 {kv_heads} 组键和值（分组查询注意力）：这个头用第 {kv} 组。",
        "{heads} query heads share {kv_heads} heads of keys and values (grouped-query attention): this one uses number {kv}.",
    ),
    "note_prenorm": Text("x 先做了归一化（pre-norm）。", "x was normalised first (pre-norm)."),
    "note_postnorm": Text(
        "x 直接进来，相加之后才归一化（post-norm）。",
        "x comes as it is; normalisation follows after the addition (post-norm).",
    ),
    "score_key": Text("键", "key"),
    "score_k": Text("k", "k"),
    "score_raw": Text("q·k", "q·k"),
    "score_scaled": Text("/ √d_k + 掩码", "/ √d_k + mask"),
    "score_score": Text("+ 掩码", "+ mask"),
    "score_weight": Text("权重 a", "weight a"),
    "score_v": Text("v", "v"),
    "strip_hint": Text(
        "一格是一个数：青色为正，褐色为负。指向格子读数。",
        "One cell is one number: teal is positive, brown negative. Point at a cell to read it.",
    ),
    "fact_largest": Text("最大的权重", "largest weight"),
    "fact_mean_largest": Text("100 次的平均", "mean of 100 draws"),
    "fact_entropy": Text("熵", "entropy"),
    "fact_divisor": Text("除以", "divided by"),
    "fact_no_scaling": Text("T5 不缩放，除以", "T5 does not scale: divided by"),
    "fact_off": Text("1（关掉了缩放）", "1 (scaling is off)"),
    "without_scaling": Text(
        "关掉缩放后，这已不是模型真正的计算，所以到此为止。",
        "Without the scaling this is no longer what the model computes, so it ends here.",
    ),
    "check": Text(
        "以上都是手工重算的。与模型自己的结果相比，这一层所有头、所有查询里最大的差：权重 {weights}，输出 {output}。",
        "All of this was recomputed by hand. Largest difference to the model's own result, over all heads and queries of the layer: weights {weights}, output {output}.",
    ),
    "check_same": Text("0（一位不差）", "0 (bit for bit the same)"),
    "random_title": Text("为什么要除以 √d_k", "Why divide by √d_k"),
    "random_why": Text(
        "一个随机查询和 16 个随机键，每个数均值 0、方差 1。d_k 越大，点积的起伏越大；不缩放，softmax 就几乎只给一个键，梯度随之消失。",
        "A random query and 16 random keys, every number with mean 0 and variance 1. The larger d_k, the wider the dot products range; without the scaling the softmax gives nearly everything to one key, and the gradient vanishes.",
    ),
    "random_spread": Text(
        "这里点积的标准差是 {spread}，√d_k 是 {root}。",
        "Here the standard deviation of the dot products is {spread}; √d_k is {root}.",
    ),
    # Errors
    "no_text": Text("请先写一句话。", "Please write a sentence first."),
    "too_long": Text(
        "文本有 {characters} 个字符，最多 {limit} 个；请截取一段。",
        "The text has {characters} characters; the limit is {limit}. Please take a part of it.",
    ),
    "one_token": Text(
        "这段文本只有一个词元，它只能看自己，权重必是 1；请再多写一个词。",
        "This text is a single token, which can only attend to itself with weight 1; please write at least one more word.",
    ),
    "no_pair": Text(
        "{model} 只读一段文本；要读两段，请换一个编码器，例如 all-MiniLM-L6-v2，或清空第二段。",
        "{model} reads one text only. For a pair choose an encoder such as all-MiniLM-L6-v2, or empty the second text.",
    ),
    "no_attention": Text(
        "{model} 没有给出注意力权重；请换一个 Transformer 模型。",
        "{model} gives no attention weights; please choose a Transformer.",
    ),
    "no_steps": Text(
        "{model} 的注意力写法这里还没有逐步展开；热力图可以照常看。",
        "The steps of {model} are not written out here yet; its heatmap works.",
    ),
    "no_such": Text(
        "没有这个 {name}：请用 0 到 {last} 的整数（热力图里 -1 表示平均）。",
        "There is no such {name}: use a whole number from 0 to {last} (for the heatmap, -1 is the mean).",
    ),
    "later_key": Text(
        "被看的词在后面：这个模型只能往前看。请把两个词对调。",
        "The word to look at comes later, and this model only looks back. Please swap the two.",
    ),
    "bad_width": Text("d_k 请用 {widths} 之一。", "Please choose d_k from {widths}."),
    "expired": Text(
        "这次计算的结果已不在内存里；请再点一次“运行”。",
        "The result of this run is no longer in memory; please press Run again.",
    ),
}
