"""The sentences of the Constrain, Search and Measure tabs, in both languages."""

from shared.i18n import Text, Texts

CHOICES: Texts = {
    "tab_constrain": Text("约束", "Constrain"),
    "run_constrain": Text("运行", "Run"),
    "constrain_to": Text("把回答限制为", "Hold the answer to"),
    "mode_json": Text("JSON schema", "A JSON schema"),
    "mode_choice": Text("几个选项之一", "One of some choices"),
    "choices": Text("选项（每行一个，2 到 9 个）", "Choices (one a line, 2 to 9)"),
    "choices_default": Text("positive\nneutral\nnegative", "positive\nneutral\nnegative"),
    "choice_example_review": Text("影评：是褒是贬？", "A review: good or bad?"),
    "choice_example_capital": Text("法国的首都", "The capital of France"),
    "choice_example_apples": Text("苹果题", "The apples"),
    "choice_empty": Text(
        "点“运行”：同一条提示跑两遍，一遍只许回答其中一个选项，一遍不受约束，再算出每个选项的概率。"
        "先点一个例子也行。",
        "Press Run: the same prompt runs twice, once held to one of the choices and once left free, and "
        "every choice gets its probability. Or start with an example.",
    ),
    "choice_held": Text("只许选一个（逐词元）", "Held to one choice, token by token"),
    "choice_shares": Text("每个选项作为回答的概率", "How probable each choice is as the answer"),
    "choice_legend": Text(
        "灰字：模型的回答以这个选项开头的概率，即它各个词元的概率之积（温度 1）。"
        "实心条：只在这些选项之间比，归一后相加为 1。选项越长，乘的项越多，概率越小。",
        "Grey: the probability that the model's answer begins with this choice, the product over its tokens "
        "at temperature 1. Filled: among these choices alone, summing to 1. The longer a choice, the more "
        "factors, the smaller its product.",
    ),
    "choice_numbered": Text(
        "这个服务器不能给指定的词打分，所以选项在提示里编了号。"
        "灰字：回答的第一个词元是这个编号的概率（温度 1）；实心条：只在这些选项之间比，归一后相加为 1。",
        "This server cannot score given words, so the choices were numbered in the prompt. Grey: the "
        "probability, at temperature 1, that the answer's first token is this number. Filled: among these "
        "choices alone, summing to 1.",
    ),
    "choice_best": Text("最可能的选项", "Most probable choice"),
    "choice_mass": Text("自由回答以某个选项开头的概率", "A free answer begins with one of them"),
    "choice_differs": Text(
        "逐词元约束选中了“{picked}”，整体最可能的却是“{best}”：每一步只看眼前的词元，还要加引号，"
        "第一个词元讨喜的选项占便宜。",
        "Held token by token it wrote “{picked}”, though “{best}” is the most probable as a whole: each step "
        "sees only the next token, after a quotation mark that the JSON form adds.",
    ),
    "bad_choices": Text(
        "请写 2 到 9 个不同的选项，每行一个，每个不超过 300 个字符。",
        "Please write 2 to 9 different choices, one a line, of 300 characters at most.",
    ),
}

SEARCH: Texts = {
    "tab_search": Text("搜索", "Search"),
    "run_search": Text("开始搜索", "Search"),
    "search_mode": Text("方法", "Method"),
    "mode_tree": Text("思维树", "Tree of thought"),
    "mode_votes": Text("自洽投票", "Self-consistency"),
    "search_examples": Text("换一道题", "Other questions"),
    "search_example_0": Text("食堂的苹果", "Canteen apples"),
    "search_example_7": Text("买蛋糕", "Cakes"),
    "search_example_11": Text("公交车", "The bus"),
    "thoughts": Text("每步想几种（k）", "Thoughts per state (k)"),
    "beam": Text("每层留几个（b）", "States kept (b)"),
    "depth": Text("想几步（d）", "Steps deep (d)"),
    "samples": Text("采样次数", "Samples"),
    "tree_empty": Text(
        "点“开始搜索”：模型为左边的问题想出 k 个下一步，自己给每一步打分，留下最好的 b 个接着想。树会在这"
        "里边想边长。",
        "Press Search: for the question on the left the model thinks of k next steps, values each of "
        "them, and "
        "goes on from the best b. The tree grows here while it thinks.",
    ),
    "tree_note": Text(
        "135M 模型的打分分不出对错：苹果题的九个想法都在 0.82 到 0.89 之间。树搜索要能判断步骤的模型才见效。",
        "The 135M model's scores hardly tell right from wrong: its nine thoughts on the apples lie between "
        "0.82 and 0.89. Tree search pays off with models that can judge a step.",
    ),
    "votes_empty": Text(
        "点“开始搜索”：左边的提示跑好几遍，每遍随机采样，最后对各自的答案投票。配“思维链”策略最合适。",
        "Press Search: the prompt on the left is sampled several times, and the answers vote. It goes "
        "best with a "
        "chain-of-thought strategy.",
    ),
    "tree_label": Text("搜索树", "The search tree"),
    "tree_hint": Text(
        "点一个节点，读它的全文。方向键可以在树上移动。",
        "Click a node to read all of it. The arrow keys walk through the tree.",
    ),
    "node_question": Text("问题", "Question"),
    "node_answer": Text("答案", "Answer"),
    "node_step": Text("第 {depth} 步", "Step {depth}"),
    "node_writing": Text("正在想", "thinking"),
    "node_valuing": Text("等待打分", "to be valued"),
    "node_kept": Text("第 {rank} 名，留下", "place {rank}, kept"),
    "node_pruned": Text("剪掉，第 {rank} 名", "pruned, place {rank}"),
    "node_score": Text("得分 {score}", "score {score}"),
    "why_beam": Text("剪掉：第 {rank} 名，只留前 {beam} 名", "pruned: place {rank}, only {beam} are kept"),
    "why_duplicate": Text("剪掉：与节点 {rank} 相同", "pruned: the same as node {rank}"),
    "why_empty": Text("剪掉：什么也没写", "pruned: nothing was written"),
    "value_sure": Text("肯定", "sure"),
    "value_maybe": Text("也许", "maybe"),
    "value_impossible": Text("不可能", "impossible"),
    "value_note": Text(
        "得分 = P(肯定) + ½ P(也许)。三个词作为模型回答的概率，归一后相加为 1。",
        "Score = P(sure) + ½ P(maybe): the model's own probabilities of the three words as its answer, "
        "normalised to sum to 1.",
    ),
    "stage_proposing": Text(
        "第 {depth} 步，共 {of} 步：正在想下一步", "Step {depth} of {of}: thinking of next steps"
    ),
    "stage_valuing": Text("第 {depth} 步，共 {of} 步：正在打分", "Step {depth} of {of}: valuing them"),
    "stage_answering": Text("从最好的叶子写答案", "Writing the answer from the best leaf"),
    "stage_done": Text("搜索结束", "The search is over"),
    "calls": Text("模型调用", "Model calls"),
    "tokens_written": Text("写出的词元", "Tokens written"),
    "tokens_read": Text("读入的词元", "Tokens read"),
    "votes_title": Text("投票", "The vote"),
    "samples_title": Text("样本", "The samples"),
    "sample_extracted": Text("答案：{answer}", "answer: {answer}"),
    "sample_none": Text("没有说出答案", "no answer found"),
    "sample_writing": Text("正在写", "writing"),
    "vote_count": Text("{votes} / {of} 票", "{votes} of {of}"),
    "vote_line": Text(
        "得票最多的答案是 {answer}：{of} 个样本里有 {votes} 个。",
        "The vote goes to {answer}: {votes} of {of} samples.",
    ),
    "vote_nobody": Text("没有一个样本说出答案。", "No sample named an answer."),
    "same_samples": Text(
        "温度为 0 时所有样本都一样，投票没有意义；请把温度调高。",
        "At temperature 0 all samples are the same and there is nothing to vote on; please raise the "
        "temperature.",
    ),
}

MEASURE: Texts = {
    "tab_measure": Text("测量", "Measure"),
    "run_measure": Text("开始测量", "Measure"),
    "self_consistency": Text("自洽投票（5 个样本）", "Self-consistency (5 samples)"),
    "tree_search": Text("思维树·搜索（3, 2, 2）", "Tree of thought, search (3, 2, 2)"),
    "measured_strategies": Text("比较哪些策略", "Strategies to compare"),
    "question_count": Text("题数", "Questions"),
    "question_language": Text("题目语言", "Questions in"),
    "measure_tokens": Text("长度上限（词元）", "Token limit"),
    "measure_empty": Text(
        "点“开始测量”：同样的应用题，用每种策略各问一遍，数出对了几道，并说明差别是不是偶然。",
        "Press Measure: every strategy answers the same word problems. You see how many are right, and "
        "whether "
        "the difference could be chance.",
    ),
    "measure_note": Text(
        "SmolLM2-135M 在 20 道英文题上：零样本对 1 题，思维链·示例 2 题，思维链·一步一步 0 题，"
        "自洽 1 题，树搜索 0 题；差别都在偶然之内。",
        "SmolLM2-135M on the 20 English questions: zero-shot 1 right, chain of thought by example 2, step by "
        "step 0, self-consistency 1, tree search 0; no difference is beyond chance.",
    ),
    "measure_progress": Text(
        "第 {question} 题（共 {questions} 题），第 {strategy} 种策略（共 {strategies} 种）：{name}",
        "question {question} of {questions}, strategy {strategy} of {strategies}: {name}",
    ),
    "measure_done": Text(
        "{questions} 道题，{strategies} 种策略，全部答完",
        "{questions} questions, {strategies} strategies, all answered",
    ),
    "column_right": Text("答对", "Right"),
    "column_accuracy": Text("正确率", "Accuracy"),
    "column_interval": Text("95 % 区间", "95 % interval"),
    "column_cut": Text("被截断", "Cut off"),
    "column_written": Text("写出词元", "Written"),
    "column_read": Text("读入词元", "Read"),
    "column_seconds": Text("秒", "Seconds"),
    "interval_note": Text(
        "区间是 Wilson 95 % 区间；判对只看最后的数字。贪心解码，每题一次。",
        "Intervals are Wilson's, 95 %; an answer is right when the number it ends on is. Greedy, one try "
        "a question.",
    ),
    "pair_line": Text(
        "{a} 与 {b} 相比：只有前者答对的 {only_a} 题，只有后者答对的 {only_b} 题（共 {asked} 题）；"
        "精确 McNemar 检验 p = {p}，{verdict}。",
        "{a} against {b}: {only_a} right only by the first, {only_b} only by the second, of {asked}; "
        "exact McNemar p = {p}, {verdict}.",
    ),
    "verdict_chance": Text("这样的差别可能只是偶然", "a difference that can well be chance"),
    "verdict_real": Text("不像是偶然", "hardly chance"),
    "verdict_none": Text("没有差别", "no difference at all"),
    "grid_title": Text("逐题对错", "Question by question"),
    "grid_hint": Text("点一格，读那个回答。", "Click a cell to read the answer."),
    "grid_right": Text("对", "right"),
    "grid_wrong": Text("错", "wrong"),
    "grid_pending": Text("未答", "not yet"),
    "grid_expected": Text(
        "正确答案 {answer}，这里得到 {got}", "the answer is {answer}, this one ends on {got}"
    ),
    "grid_nothing": Text("没有数字", "no number"),
    "csv": Text("下载 CSV", "Download CSV"),
    "no_strategies": Text(
        "请选至少一种策略，可选：{names}。", "Please choose at least one strategy of: {names}."
    ),
    "unknown_language": Text("语言只能是 zh 或 en。", "The language must be zh or en."),
}

TEXTS: Texts = {**CHOICES, **SEARCH, **MEASURE}
