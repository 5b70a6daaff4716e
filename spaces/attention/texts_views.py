"""What a visitor reads in the views on position, on one token by hand and on the KV cache."""
# ruff: noqa: E501  (a sentence stays on one line, as in texts.py)

from shared.i18n import Text, Texts

VIEWS: Texts = {
    # Positional encoding
    "position_tab": Text("位置编码", "Positions"),
    "position_sin_title": Text(
        "正弦编码：每个位置一行，每一维一种波长", "Sinusoids: a row per position, a wavelength per dimension"
    ),
    "position_sin_detail": Text(
        "原始 Transformer 把这张表加到词向量上。左边的维度变化快，像秒针；右边的变化慢，像时针。",
        "The first Transformer adds this table to its word vectors. Dimensions on the left turn fast, like a"
        " second hand; those on the right slowly, like an hour hand.",
    ),
    "position_count": Text("位置数", "Positions"),
    "position_dim": Text("维数", "Dimensions"),
    "position_base": Text("底数", "Base"),
    "position_layout": Text("正弦与余弦的排法", "How sine and cosine are laid out"),
    "position_interleaved": Text("交错（论文）", "Interleaved (the paper)"),
    "position_concatenated": Text("拼接（教程的代码）", "Concatenated (the tutorial's code)"),
    "position_layout_note_interleaved": Text(
        "论文第 3.5 节：偶数维是正弦，奇数维是余弦，两两同频，所以相邻两列看起来成对。",
        "Section 3.5 of the paper: even dimensions are sines, odd ones cosines, two of each frequency, so"
        " neighbouring columns come in pairs.",
    ),
    "position_layout_note_concatenated": Text(
        "教程的公式是交错的，它的代码却把所有正弦排在前半、余弦排在后半。这只是维度换了次序，任意两个位置的点积不变；"
        "但与按论文编码训练出的权重不能混用。",
        "The tutorial's formula interleaves, its code puts all sines first and all cosines after them. That only"
        " reorders dimensions, so no dot product changes; but weights trained with one layout do not fit the other.",
    ),
    "position_axis_dim": Text("维度", "dimension"),
    "position_axis_position": Text("位置", "position"),
    "position_axis_value": Text("数值", "value"),
    "position_axis_distance": Text(
        "距离（另一位置 − 选定位置）", "distance (other position − chosen position)"
    ),
    "position_axis_dot": Text("点积（自己与自己为 1）", "dot product (self = 1)"),
    "position_pick": Text("看哪个位置", "Position to look at"),
    "position_vector_title": Text("位置 {position} 的向量", "The vector of position {position}"),
    "position_sine": Text("正弦", "sine"),
    "position_cosine": Text("余弦", "cosine"),
    "position_dot_title": Text(
        "位置 {position} 与其他位置的点积", "Position {position} times every other position"
    ),
    "position_dot_detail": Text(
        "PE(m)·PE(n) = Σ cos((m−n)·θᵢ)：只看距离，不看身在何处。",
        "PE(m)·PE(n) = Σ cos((m−n)·θᵢ): only the distance matters, not where the two are.",
    ),
    "position_map_title": Text("所有位置两两的点积", "Every position times every other"),
    "position_rope_title": Text(
        "旋转编码（RoPE）：位置就是转角", "Rotary embedding (RoPE): a position is an angle"
    ),
    "position_rope_detail": Text(
        "Llama、Qwen、Phi-3、SmolLM2 都不加向量，而是把 q 和 k 的每一对维度转过 位置 × θᵢ，θᵢ = 底数^(−2i/d)。"
        "维数与底数沿用上面的滑块。",
        "Llama, Qwen, Phi-3 and SmolLM2 add nothing: they turn each pair of dimensions of q and k by position × θᵢ,"
        " with θᵢ = base^(−2i/d). Dimensions and base are those of the sliders above.",
    ),
    "position_m": Text("q 的位置 m", "Position m of q"),
    "position_n": Text("k 的位置 n", "Position n of k"),
    "position_pair": Text("第 i 对维度", "Dimension pair i"),
    "position_rope_drawing": Text(
        "q 与 k 旋转前（细线）和旋转后（粗线）", "q and k before (thin) and after (bold) they are turned"
    ),
    "position_rope_theta": Text("θᵢ（弧度）", "θᵢ (radians)"),
    "position_rope_before": Text("旋转前 q·k", "q·k before"),
    "position_rope_after": Text("旋转后 q·k", "q·k after"),
    "position_rope_shift": Text("两者一起后移", "both moved on by"),
    "position_rope_where": Text("m, n", "m, n"),
    "position_rope_distance": Text("n − m", "n − m"),
    "position_rope_dot": Text("旋转后的点积", "dot product after turning"),
    "position_rope_note": Text(
        "一起移动 m 和 n，点积一位小数也不变：它只取决于 n − m。论文把相邻的两维配成一对；transformers 里的 Llama 把第 i 维与第 "
        "i + d/2 维配成一对。两种配法只差维度的次序。",
        "Move m and n together and no digit of the dot product changes: it depends on n − m only. The paper pairs"
        " neighbouring dimensions; Llama in transformers pairs dimension i with i + d/2. The two differ in the"
        " order of dimensions and in nothing else.",
    ),
    "position_order_title": Text("把次序打乱、拿掉，会怎样", "What if order is shuffled, or taken away?"),
    "position_order_detail": Text(
        "左边的文本和模型：词元不变，只改位置编号（最多 {limit} 个词元）。",
        "The text and the model on the left: the same tokens, other position ids (up to {limit} tokens).",
    ),
    "position_order_run": Text("试一试", "Try it"),
    "position_order_example": Text("意大利的首都", "The capital of Italy"),
    "position_order_empty": Text(
        "这里会出现三种位置编号下的下一个词元、KL 散度，以及最看重“前一个词元”的那个注意力头。点“意大利的首都”看一个例子。",
        "Here you will see the next token under three kinds of position ids, the KL divergence, and the attention head"
        " that looks most at the token before. Click “The capital of Italy” for an example.",
    ),
    "position_order_same": Text("原样", "As they are"),
    "position_order_shuffled": Text("打乱", "Shuffled"),
    "position_order_zero": Text("全为 0", "All zero"),
    "position_order_col": Text("位置编号", "Position ids"),
    "position_order_col_top": Text("最可能的下一个词元", "Most probable next tokens"),
    "position_order_col_kl": Text("KL（比特）", "KL (bits)"),
    "position_order_col_previous": Text("看前一个词元", "To the token before"),
    "position_order_caption": Text(
        "KL：相对“原样”的分布；末列：给前一个词元的注意力，取所有层、头和位置的平均。",
        "KL: from the distribution with positions as they are. Last column: attention to the token before, mean over"
        " all layers, heads and positions.",
    ),
    "position_order_head": Text(
        "第 {layer} 层第 {head} 头（从 0 数起）：位置原样时它看的是前一个词元",
        "Layer {layer}, head {head} (counted from 0): with positions as they are it looks at the token before",
    ),
    "position_order_axis_key": Text("看向哪个词元", "token looked at"),
    "position_order_cut": Text(
        "只用了最后 {kept} 个词元（共 {total} 个）。", "Only the last {kept} of {total} tokens were used."
    ),
    "position_one_token": Text(
        "只有一个词元时没有次序可言，请写两个以上的词。",
        "A single token has no order. Please write two words or more.",
    ),
    "position_exact_title": Text("一次精确的小计算", "A small exact computation"),
    "position_exact_detail": Text(
        "一个注意力头，随机权重，6 个随机向量。打乱输入再算，与算好再打乱，相差最多多少？",
        "One head, random weights, six random vectors. How far apart are “shuffle, then attend” and “attend, then"
        " shuffle”?",
    ),
    "position_exact_col": Text("条件", "Case"),
    "position_exact_gap": Text("最大差", "Largest difference"),
    "position_exact_plain": Text("没有位置，没有掩码", "No positions, no mask"),
    "position_exact_masked": Text("没有位置，有因果掩码", "No positions, causal mask"),
    "position_exact_encoded": Text("加上正弦编码，没有掩码", "Sinusoids added, no mask"),
    "position_exact_note": Text(
        "第一行是舍入误差：没有位置，注意力分不出“猫追狗”和“狗追猫”。第二行说明因果掩码自己就泄露了次序，"
        "所以位置全为 0 时模型还没有完全失灵。",
        "The first row is rounding: without positions attention cannot tell “cat chases dog” from “dog chases cat”."
        " The second shows that the causal mask alone gives order away, which is why the model with all positions"
        " zero is not quite lost.",
    ),
    # One token by hand
    "next_tab": Text("手算一个词元", "One token"),
    "next_run": Text("看下一个词元", "Look at the next token"),
    "next_undo": Text("撤回", "Undo"),
    "next_restart": Text("从头再写", "Start over"),
    "next_example": Text("法国的首都", "The capital of France"),
    "next_example_fox": Text("懒狗", "The lazy dog"),
    "next_empty": Text(
        "这里会一步步写出：文本、编号、隐藏状态、logits、概率、词元。用左边的文本，或点“法国的首都”。",
        "Here the steps will stand: text, ids, hidden states, logits, probabilities, token. Use the text on the left, or"
        " click “The capital of France”.",
    ),
    "next_no_text": Text("请先写一段文本。", "Please write some text first."),
    "next_endless": Text(
        "文本有 {length} 个字符，太长了；请缩短到 {limit} 个以内。",
        "The text has {length} characters, too many; please shorten it to {limit}.",
    ),
    "next_not_causal": Text(
        "{model} 不会续写：它不是从左到右预测下一个词元的模型。请在左边换一个生成模型，例如 SmolLM2-135M。",
        "{model} does not write: it is not a model that predicts the next token from left to right. Please choose one that"
        " is, for instance SmolLM2-135M.",
    ),
    "next_no_head": Text(
        "{model} 的结构里找不到最后的归一化层和 LM head，这个视图看不了它。请换一个模型。",
        "No final norm and LM head were found in {model}, so this view cannot look into it. Please choose another model.",
    ),
    "next_full": Text(
        "已有 {limit} 个词元，这个视图不再往下写了。请撤回或从头再写。",
        "There are {limit} tokens, the most this view handles. Please undo, or start over with less.",
    ),
    "next_first": Text("请先点“看下一个词元”。", "Please click “Look at the next token” first."),
    "next_bad_token": Text("词表里没有这个词元。", "The vocabulary has no such token."),
    "next_cut": Text(
        "只用了最后 {kept} 个词元（共 {total} 个）。", "Only the last {kept} of {total} tokens were used."
    ),
    "next_ended": Text(
        "刚写下的是结束符：模型认为说完了。可以继续，也可以撤回。",
        "The last token is an end-of-text token: the model thinks it is done. Go on if you like, or undo.",
    ),
    "next_fragments": Text(
        "尖括号里的是字节：这个分词器把有些字符拆成了几个词元。",
        "What stands in angle brackets are bytes: this tokenizer splits some characters into several tokens.",
    ),
    "next_stage_encode": Text("1 编码", "1 Encode"),
    "next_stage_hidden": Text("2 隐藏状态", "2 Hidden states"),
    "next_stage_logits": Text("3 logits", "3 Logits"),
    "next_stage_probs": Text("4 概率", "4 Probabilities"),
    "next_stage_token": Text("5 词元", "5 Token"),
    "next_stage_encode_note": Text("{n} 个词元，各有编号", "{n} tokens, each with its id"),
    "next_stage_hidden_note": Text(
        "嵌入加 {layers} 层；预测只用最后一个位置",
        "embeddings, then {layers} layers; only the last position predicts",
    ),
    "next_stage_logits_note": Text("词表里每个词元一个分数", "one score for every token of the vocabulary"),
    "next_stage_probs_note": Text("全都为正，总和为 1", "all positive, sum 1"),
    "next_stage_token_note": Text("概率最大的一个（贪心）", "the most probable one (greedy)"),
    "next_chances": Text("整个词表上的分布", "The distribution over the whole vocabulary"),
    "next_chances_detail": Text(
        "空心框是模型自己的概率（温度 1），实心条是滑块之后的。点任意一条，就把那个词元接上去。",
        "Outlined: the model's own probabilities (temperature 1). Filled: after the sliders. Click a bar to append"
        " that token.",
    ),
    "next_temperature": Text("温度", "Temperature"),
    "next_top_k": Text("top_k（0：不限）", "top_k (0: all)"),
    "next_top_p": Text("top_p", "top_p"),
    "next_kept": Text("留下的词元", "Tokens kept"),
    "next_mass": Text("它们原有的概率", "Mass they had"),
    "next_entropy": Text("熵", "Entropy"),
    "next_rest": Text("其余 {count} 个词元", "the other {count} tokens"),
    "next_append": Text("接上：{token}", "Append {token}"),
    "next_greedy": Text("接上最可能的", "Append the most probable"),
    "next_sample": Text("抽一个接上", "Draw one and append it"),
    "next_seed": Text("随机种子", "Seed"),
    "next_lens": Text("logit lens：如果模型停在这一层", "Logit lens: if the model stopped at this layer"),
    "next_lens_detail": Text(
        "每层之后都接上最后的归一化和 LM head（nostalgebraist，2020）。曲线是最终答案“{token}”在各层的名次，1 最好。",
        "The final norm and the LM head after every layer (nostalgebraist, 2020). The curve is the rank of the final"
        " answer “{token}” at each layer; 1 is best.",
    ),
    "next_lens_layer": Text("层", "Layer"),
    "next_lens_token": Text("这一层的答案", "Its answer"),
    "next_lens_prob": Text("概率", "Probability"),
    "next_lens_rank": Text("最终答案的名次", "Rank of the final answer"),
    "next_lens_prob_final": Text("最终答案的概率", "Its probability"),
    "next_lens_embedding": Text("0（嵌入）", "0 (embeddings)"),
    "next_copy": Text("复制文本", "Copy text"),
    "next_download": Text("下载 logit lens（CSV）", "Download the lens (CSV)"),
    "next_kept_pass": Text(
        "同样的词元算过，直接取出", "these tokens were computed before; taken from memory"
    ),
    # KV cache
    "kv_tab": Text("KV 缓存", "KV cache"),
    "kv_new": Text("写多少个词元", "Tokens to write"),
    "kv_run": Text("开始赛跑", "Start the race"),
    "kv_stop": Text("停止", "Stop"),
    "kv_example": Text("教程的黑洞问题", "The tutorial's black holes"),
    "kv_example_long": Text("一段长文", "A long paragraph"),
    "kv_empty": Text(
        "同一个模型写同样的词元，一边有缓存，一边没有；每个词元花的时间会边跑边画。用左边的文本，或点一个例子。",
        "One model writes the same tokens with and without a cache; the time of each token is drawn as it comes. Use the"
        " text on the left, or click an example.",
    ),
    "kv_cached": Text("有缓存", "With the cache"),
    "kv_uncached": Text("没有缓存", "Without"),
    "kv_axis_token": Text("第几个新词元", "new token"),
    "kv_axis_ms": Text("毫秒", "milliseconds"),
    "kv_lane": Text("{seconds} 秒 · 算过 {tokens} 个位置", "{seconds} s · {tokens} positions computed"),
    "kv_speedup": Text("加速", "Speed-up"),
    "kv_total_cached": Text("有缓存，总共", "With the cache, total"),
    "kv_total_uncached": Text("没有缓存，总共", "Without, total"),
    "kv_times": Text("{value} 倍", "{value} times"),
    "kv_seconds": Text("{value} 秒", "{value} s"),
    "kv_same": Text(
        "两边写出的 {n} 个词元完全相同：缓存只省时间，不改结果。",
        "Both wrote the same {n} tokens: the cache saves time and changes nothing else.",
    ),
    "kv_differ": Text(
        "从第 {n} 个词元起两边不同：两种算法的舍入误差让概率几乎相等的两个词元换了位。",
        "The two differ from token {n} on: rounding differs between the two ways, and two tokens of nearly equal"
        " probability changed places.",
    ),
    "kv_running": Text("{done} / {total} 个词元", "{done} of {total} tokens"),
    "kv_how": Text(
        "两边轮流各写一个词元，每次只计前向计算本身，机器忙时两边一样慢；遇到结束符也不停，好让两边一样长。第一个词元要读整段提示"
        "（{prompt} 个词元），两边都得算。",
        "The two take turns, a token each, and only the forward pass is timed, so a busy machine slows both alike."
        " An end-of-text token does not end the race. For the first token both must read the whole prompt"
        " ({prompt} tokens).",
    ),
    "kv_cut": Text(
        "提示只用了最后 {kept} 个词元（共 {total} 个）。",
        "Only the last {kept} of the prompt's {total} tokens were used.",
    ),
    "kv_size": Text("缓存占多少内存", "What the cache weighs"),
    "kv_formula": Text(
        "2 × 层数 × KV 头数 × 头维数 × 词元数 × 每个数的字节数",
        "2 × layers × KV heads × head size × tokens × bytes per value",
    ),
    "kv_formula_window": Text(
        "有 {layers} 层用滑动窗口，最多留 {window} 个词元。",
        "{layers} layers use a sliding window and keep at most {window} tokens.",
    ),
    "kv_formula_col": Text("范围", "For"),
    "kv_by_formula": Text("按公式", "By the formula"),
    "kv_measured": Text("实测", "Measured"),
    "kv_col_tokens": Text("词元数", "Tokens"),
    "kv_col_size": Text("缓存", "Cache"),
    "kv_col_no_gqa": Text(
        "若每个头都有自己的 K、V（{heads} 个）", "If all {heads} heads had their own K and V"
    ),
    "kv_row_one": Text("每个词元", "Per token"),
    "kv_row_now": Text("这次赛跑", "This race"),
    "kv_row_window": Text("整个上下文窗口", "The whole context window"),
    "kv_gqa": Text(
        "分组查询注意力（GQA）：{heads} 个查询头共用 {kv_heads} 组键和值，缓存只有 {share}。最后写出的词元还没有读过，所以不在缓存里。",
        "Grouped-query attention (GQA): {heads} query heads share {kv_heads} sets of keys and values, so the cache is"
        " {share} of what it would be. The token written last has not been read yet and is not in it.",
    ),
    "kv_mha": Text(
        "这个模型的 {heads} 个头各有自己的键和值。最后写出的词元还没有读过，所以不在缓存里。",
        "Each of this model's {heads} heads has its own keys and values. The token written last has not been read yet and is"
        " not in the cache.",
    ),
    "kv_written": Text("写出的文本", "What they wrote"),
    "kv_download": Text("下载用时（CSV）", "Download the times (CSV)"),
}
