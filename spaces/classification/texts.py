"""Every sentence of this lab, in both languages."""

from shared.i18n import Text, Texts

_LEFT: Texts = {
    "title": Text("分类", "Classify"),
    "summary": Text(
        "同一批文本，六种分类方法，哪种更准、更快、更省？差别是真的，还是碰巧？",
        "The same texts, six ways to classify them: which is more accurate, faster, smaller, and is the difference real?",
    ),
    "source": Text("数据", "Data"),
    "source_hint": Text(
        "选一个，或写 Hugging Face 数据集的编号", "Choose one, or write the id of a Hugging Face data set"
    ),
    "source_pang-lee": Text("英文影评 200 条（内置）", "200 film reviews (embedded)"),
    "source_chinese-reviews": Text(
        "中文点评 40 条（为本实验手写）", "40 Chinese reviews (written for this lab)"
    ),
    "source_rotten_tomatoes": Text("rotten_tomatoes（第 6 章）", "rotten_tomatoes (chapter 6)"),
    "source_emotion": Text("dair-ai/emotion", "dair-ai/emotion"),
    "upload": Text("或上传 CSV、TSV、JSONL", "Or upload CSV, TSV, JSONL"),
    "uploaded": Text("正在使用你的文件 {name}，共 {rows} 行。", "Using your file {name}, {rows} rows."),
    "text_column": Text("文本列", "Text column"),
    "label_column": Text("标签列", "Label column"),
    "methods": Text("方法", "Methods"),
    "task_model": Text("任务模型", "Task model"),
    "embedding_classifier": Text("嵌入 + 逻辑回归", "Embedding + logistic regression"),
    "centroid": Text("最近的类中心", "Nearest class centroid"),
    "zero_shot": Text("零样本（标签描述）", "Zero-shot (descriptions)"),
    "generative": Text("生成式（问聊天模型）", "Generative (ask a chat model)"),
    "few_shot": Text("少样本对比微调", "Few-shot contrastive tuning"),
    "run": Text("运行", "Run"),
    "stop": Text("停止", "Stop"),
    "descriptions": Text("标签描述（零样本）", "Label descriptions (zero-shot)"),
    "descriptions_hint": Text(
        "每行一个，顺序是 {names}；改动立刻生效", "One a line, in the order {names}; changes show at once"
    ),
    "more": Text("更多设置", "More settings"),
    "test_size": Text("测试集比例", "Share of the test part"),
    "seed": Text("随机种子", "Seed"),
    "seed_hint": Text("决定怎样切分、抽样和重采样", "Decides the cut, the samples and the resampling"),
    "limit": Text("最多用多少行", "Rows used at most"),
    "limit_hint": Text("超过时按类别比例抽样", "Beyond that a sample with the same shares of classes"),
    "k": Text("每类几个样本", "Examples per class"),
    "steps": Text("训练步数", "Training steps"),
    "chat": Text("聊天模型", "Chat model"),
    "sample": Text("只问多少条", "Texts asked"),
    "names": Text("供聊天模型选择的标签名", "Label names for the chat model"),
    "names_hint": Text(
        "每行一个，按类别顺序；留空则自动", "One a line, in the order of the classes; empty: automatic"
    ),
    "prompt": Text("提示", "Prompt"),
    "prompt_hint": Text(
        "{text} 处填入文本，{labels} 处填入标签名", "{text} becomes the text, {labels} the label names"
    ),
    "sentiment": Text("情感模型", "Sentiment model"),
    "sentiment_auto": Text("按语言自动选", "By language"),
}

_DATA: Texts = {
    "data_counts": Text("{rows} 条文本，{classes} 类：{counts}", "{rows} texts, {classes} classes: {counts}"),
    "data_drawn": Text(
        "训练 {train} 条，测试 {test} 条（分层随机切分）。",
        "{train} to train on, {test} to test on (drawn at random, stratified).",
    ),
    "data_obeyed": Text(
        "训练 {train} 条，测试 {test} 条（按 split 列）。",
        "{train} to train on, {test} to test on (as the split column says).",
    ),
    "data_left_out": Text(
        "另有 {count} 条没有用到；要用，请调大“最多用多少行”。",
        "{count} more are not used; raise “Rows used at most” to use them.",
    ),
    "data_no_label": Text("{count} 行没有标签，已跳过。", "Rows without a label: {count}, skipped."),
    "data_no_text": Text("{count} 行没有文本，已跳过。", "Rows without a text: {count}, skipped."),
    "data_repeated": Text(
        "有 {count} 行的文本与前面重复；测试集里 {leaked} 条在训练集中也有，这会让准确率偏高。",
        "Rows that repeat an earlier text: {count}; test texts that are in the training part, too: {leaked}. That flatters the accuracy.",
    ),
    "data_encoding": Text("按 {encoding} 编码读取。", "Read as {encoding}."),
    "data_cut": Text(
        "文件太长，只读了前 {count} 行。", "The file is long; the first {count} rows were read."
    ),
    "data_headerless": Text(
        "第一行不像列名，已当作数据；各列叫 column_1、column_2……",
        "The first row does not look like names, so it counts as data; the columns are column_1, column_2, …",
    ),
    "data_damaged_characters": Text(
        "有 {count} 个字符无法解码，显示为“�”。",
        "Characters that could not be decoded: {count}, shown as “�”.",
    ),
    "data_bad_rows": Text(
        "有 {count} 行读不了，已跳过（列出前 {shown} 行）",
        "Rows that could not be read: {count}, skipped (the first {shown})",
    ),
}

_BOARD: Texts = {
    "tab_board": Text("排行榜", "Leaderboard"),
    "tab_errors": Text("错在哪里", "Errors"),
    "tab_one": Text("试一句", "One text"),
    "tab_curve": Text("学习曲线", "Learning curve"),
    "tab_trap": Text("标签与陷阱", "Labels and traps"),
    "board_empty": Text(
        "选好方法，点“运行”：每种方法在同一批测试文本上的成绩会逐行出现在这里。",
        "Choose methods and press Run: how each does on the same test texts appears here, row by row.",
    ),
    "col_method": Text("方法", "Method"),
    "col_f1": Text("宏平均 F1", "Macro F1"),
    "col_accuracy": Text("准确率", "Accuracy"),
    "col_learned": Text("用了多少标签", "Labels used"),
    "col_speed": Text("条/秒", "Texts/s"),
    "col_training": Text("训练，秒", "Training, s"),
    "col_size": Text("模型大小", "Model size"),
    "detail_descriptions": Text("{value}", "{value}"),
    "detail_mapping": Text("{value}", "{value}"),
    "detail_names": Text("从 {value} 中选", "chooses from {value}"),
    "detail_sample": Text("只问了其中 {value} 条", "asked about {value} of them only"),
    "detail_loss": Text("损失 {value}", "loss {value}"),
    "step_start": Text("正在开始……", "Starting…"),
    "step_loading_start": Text(
        "正在载入模型……首次需要几秒", "Loading the model… the first time takes a few seconds"
    ),
    "step_embedding_start": Text(
        "正在等别人算完同样的向量……", "Waiting for somebody who embeds the same texts…"
    ),
    "step_training_start": Text("前面有人在训练，正在排队……", "Waiting for another training to end…"),
    "step_embedding": Text("计算向量：{done} / {total}", "Embedding {done} of {total}"),
    "step_reading": Text("任务模型在读：{done} / {total}", "The task model has read {done} of {total}"),
    "step_asking": Text("问聊天模型：{done} / {total}", "Asked the chat model about {done} of {total}"),
    "step_training": Text("对比微调：第 {done} / {total} 步", "Contrastive tuning, step {done} of {total}"),
    "step_curve": Text("第 {done} / {total} 个随机种子", "Seed {done} of {total}"),
    "stopped": Text("已停止。", "Stopped."),
    "interval_note": Text(
        "准确率后的方括号是 95 % 置信区间（对 {tests} 条测试文本自助重采样 2,000 次）：换一批同样多的测试文本，成绩大致会落在其中。",
        "The brackets hold the 95 % interval (2,000 bootstrap resamples of the {tests} test texts): where the accuracy would land on other test texts of the same number.",
    ),
    "sample_note": Text(
        "生成式方法慢，默认只问一部分测试文本，所以它的区间更宽；可在“更多设置”里调大。",
        "Asking a chat model is slow, so it is asked about a part of the test texts and its interval is wider; “More settings” has the number.",
    ),
    "speed_note": Text(
        "条/秒包含计算向量的时间；同样的数据只算一次，以后各方法共用。",
        "Texts/s includes the embedding, which is done once for the same data and shared by the methods.",
    ),
    "download": Text("下载", "Download"),
    "download_predictions": Text("下载全部预测", "Download predictions"),
    "download_cell": Text("下载这些文本", "Download these texts"),
    "compare_title": Text("差别是真的吗？", "Is the difference real?"),
    "compare_detail": Text(
        "McNemar 检验（精确）：只看两种方法一对一错的那些文本。",
        "McNemar's exact test looks only at the texts that one method got right and the other wrong.",
    ),
    "first": Text("方法甲", "One method"),
    "second": Text("方法乙", "The other"),
    "compare_same": Text("请选两种不同的方法。", "Please choose two different methods."),
    "compare_nothing": Text(
        "这两种方法没有共同的测试文本。", "These two methods were not asked about any common text."
    ),
    "mcnemar_sure": Text(
        "在 {count} 条文本中，只有“{a}”答对的 {only_a} 条，只有“{b}”答对的 {only_b} 条：p {p}，这样的差别不太可能是碰巧。",
        "Of {count} texts, only “{a}” got {only_a} right and only “{b}” got {only_b}: p {p}, a difference that chance alone would hardly make.",
    ),
    "mcnemar_unsure": Text(
        "在 {count} 条文本中，只有“{a}”答对的 {only_a} 条，只有“{b}”答对的 {only_b} 条：p {p}，这样的差别很可能只是碰巧。",
        "Of {count} texts, only “{a}” got {only_a} right and only “{b}” got {only_b}: p {p}, a difference that chance alone may well make.",
    ),
    "mcnemar_same": Text(
        "在 {count} 条文本上，“{a}”和“{b}”对错完全一致（{only_a} 比 {only_b}，p {p}）。",
        "On {count} texts “{a}” and “{b}” are right and wrong together ({only_a} to {only_b}, p {p}).",
    ),
}

_ERRORS_TAB: Texts = {
    "errors_of": Text("看哪种方法", "Errors of"),
    "errors_empty": Text(
        "先在“排行榜”里运行。这里会画出混淆矩阵；点一个格子，就能读到其中的文本。",
        "Run some methods in the Leaderboard first. Their confusion matrix appears here; click a cell to read its texts.",
    ),
    "confusion": Text("混淆矩阵", "Confusion matrix"),
    "confusion_hint": Text(
        "行是真实类别，列是判定的类别。点一个格子看里面的文本。",
        "Rows are what a text is, columns what it was called. Click a cell to read its texts.",
    ),
    "true_by_predicted": Text("真实 \\ 判定", "true \\ called"),
    "cell_label": Text(
        "真实 {true}，判为 {predicted}：{count} 条", "{true} called {predicted}: {count} texts"
    ),
    "cell_wrong": Text(
        "{true} 被判为 {predicted}，{count} 条，错得最肯定的在前",
        "{count} texts that are {true} and were called {predicted}, the most confidently wrong first",
    ),
    "cell_right": Text(
        "{true} 判对了（{predicted}），{count} 条，最肯定的在前",
        "{count} texts that are {true} and were called {predicted}, the surest first",
    ),
    "more_texts": Text("还有 {count} 条，请下载查看。", "{count} more; download them to read all."),
    "per_class": Text("每一类", "Class by class"),
    "per_class_detail": Text(
        "精确率：判为这一类的有多少是对的；召回率：这一类有多少被找到。",
        "Precision: how many of those called so are so. Recall: how many of those that are so were found.",
    ),
    "col_class": Text("类别", "Class"),
    "col_precision": Text("精确率", "Precision"),
    "col_recall": Text("召回率", "Recall"),
    "col_support": Text("条数", "Texts"),
}

_ONE: Texts = {
    "one_label": Text("写一句评论", "Write one review"),
    "one_hint": Text("左边选中的方法都会给出意见", "Every method ticked on the left gives its opinion"),
    "one_run": Text("听听各家意见", "Ask every method"),
    "one_empty": Text(
        "每种方法的判断和把握会并排出现在这里。点一个例子试试。",
        "What each method thinks, and how sure it is, appears here side by side. Try an example.",
    ),
    "one_plain": Text("直白的好评", "Plain praise"),
    "one_irony": Text("反话", "Irony"),
    "one_negation": Text("否定", "Negation"),
    "one_chinese": Text("中文", "Chinese"),
    "one_asking": Text("正在问：{method}", "Asking: {method}"),
    "one_not_trained": Text(
        "还没有训练过。先在“排行榜”里用同样的设置运行一次少样本微调。",
        "Not trained yet. Run few-shot tuning with the same settings in the Leaderboard first.",
    ),
    "one_scores": Text(
        "逻辑回归、任务模型、少样本给的是概率；类中心和零样本给的是余弦相似度；生成式给的是模型在标签名之间的概率。",
        "Logistic regression, task model and few-shot give probabilities; centroid and zero-shot cosine similarities; the chat model its probabilities between the label names.",
    ),
}

_CURVE: Texts = {
    "curve_run": Text("画学习曲线", "Draw the curve"),
    "curve_empty": Text(
        "多一个标签值多少？点上面的按钮：训练样本从每类 1 个逐次翻倍，看准确率怎样变。",
        "What is one more label worth? Press the button: the labels double from one per class, and the accuracy is drawn.",
    ),
    "curve_note": Text(
        "线是 {seeds} 个随机种子的平均，色带是最低到最高；都在同样的 {tests} 条测试文本上。",
        "Lines are means over {seeds} seeds, bands go from the lowest to the highest; all on the same {tests} test texts.",
    ),
    "curve_x": Text("标签数（对数刻度）", "Labels (log scale)"),
    "curve_zero_shot": Text(
        "零样本不用标签：准确率 {accuracy}。", "Zero-shot uses no labels: accuracy {accuracy}."
    ),
}

_TRAP: Texts = {
    "trap_title": Text(
        "第 1 章的陷阱：模型没错，是程序读错了",
        "Chapter 1's trap: the model is right, the program misreads it",
    ),
    "trap_detail": Text(
        "教程写的是 label == 'positive'，可那个模型的标签叫 “positive (stars 4 and 5)”。这个比较永远不成立，于是两条评论都成了负面。",
        "The chapter asks for label == 'positive', but its model says “positive (stars 4 and 5)”. The comparison is never true, so both of its reviews come out negative.",
    ),
    "trap_run": Text("看看会怎样", "Spring the trap"),
    "trap_empty": Text(
        "四种读法、三种标签名：哪些组合会把所有评论都判成负面？",
        "Four ways to read an answer, three ways to name labels: which pairs call every review negative?",
    ),
    "trap_running": Text("正在问模型……", "Asking the model…"),
    "trap_real": Text(
        "由教程用的 {model} 判断本实验手写的 40 条中文点评。",
        "{model}, the chapter's own model, judged the lab's 40 Chinese reviews.",
    ),
    "trap_stand_in": Text(
        "这台电脑上没有教程用的点评模型，也连不上 Hugging Face。内置的 MiniLM 没学过中文（在 40 条中文点评上和抛硬币差不多），所以这里用它加逻辑回归判断英文影评的测试部分；陷阱是同一个。",
        "The chapter's Dianping model is not on this computer and the Hugging Face Hub cannot be reached. The embedded MiniLM has learned no Chinese (a coin does as well on the 40 Chinese reviews), so here it judges the test part of the English ones, with logistic regression; the trap is the same.",
    ),
    "trap_lesson": Text(
        "判断从头到尾没有变，变的只是读法。按编号读（模型 config 里的 label2id）总是对的；按名字读之前，先把名字打印出来。",
        "The judgements never changed, only the reading did. Reading by number (label2id in the model's config) is right each time; before reading by name, print the names.",
    ),
    "rule_by_naming": Text("怎样读 \\ 标签叫什么", "How it is read \\ what labels are called"),
    "naming_dianping": Text("点评模型", "Dianping model"),
    "naming_sst_2": Text("SST-2 模型", "SST-2 model"),
    "naming_unnamed": Text("没起名的模型", "Unnamed labels"),
    "rule_equals": Text("第 1 章的写法", "as chapter 1 has it"),
    "rule_get": Text("第 6 章的写法", "as chapter 6 has it"),
    "rule_first_word": Text("只看第一个词", "the first word only"),
    "rule_index": Text("按编号", "by number"),
    "called_positive": Text("{total} 条中 {count} 条判为正面", "{count} of {total} called positive"),
    "trap_reviews": Text("同一个判断，两种读法", "One judgement, read two ways"),
    "trap_reviews_detail": Text(
        "“错读”是 label == 'positive'，“对读”看标签的意思。",
        "“Misread” is label == 'positive'; “read right” goes by what the label means.",
    ),
    "col_review": Text("评论", "Review"),
    "col_true": Text("实际", "Really"),
    "col_says": Text("模型说", "The model says"),
    "col_score": Text("得分", "Score"),
    "col_read_wrong": Text("错读", "Misread"),
    "col_read_right": Text("对读", "Read right"),
    "good": Text("好评", "good"),
    "bad": Text("差评", "bad"),
    "mapping_title": Text(
        "任务模型的标签怎样对应到数据的类别", "How a task model's labels become the classes of the data"
    ),
    "mapping_detail": Text(
        "有的模型分三类，多一个中性。看一看它的标签，自己决定中性算哪边，或不算。",
        "Some models have three labels, with a neutral one. Look at them and decide where neutral goes, or leave it out.",
    ),
    "mapping_run": Text("看它的标签", "Show its labels"),
    "mapping_said": Text(
        "{model} 有 {count} 个标签。改动会用于下一次运行。",
        "{model} has {count} labels. What you change is used by the next run.",
    ),
    "left_out": Text("不算", "left out"),
}

_PROBLEMS: Texts = {
    "no_label_column": Text(
        "没有找到像标签的列（取值少、反复出现）。请在“标签列”里选一个：{names}。",
        "No column looks like labels (few values that repeat). Please choose the label column: {names}.",
    ),
    "no_labels": Text(
        "“{column}”列没有一行既有文本又有标签，请换一列。",
        "No row has both a text and a label in “{column}”; please choose another column.",
    ),
    "too_few_rows": Text(
        "带标签的文本只有 {rows} 条，至少要 4 条才能切出训练和测试两部分。",
        "Too few texts with a label: {rows}. It takes at least 4 to have a training and a test part.",
    ),
    "one_class": Text(
        "“{column}”列里只有一类（{label}），没有什么可分的。请换一列，或补上别的类。",
        "The column “{column}” has one class only ({label}), so there is nothing to tell apart. Choose another column, or add the other class.",
    ),
    "too_many_classes": Text(
        "“{column}”列有 {count} 个不同的值，不像标签（最多 {limit} 类）。请换一列。",
        "The column “{column}” has {count} different values, which does not look like labels (at most {limit}). Please choose another one.",
    ),
    "rare_class": Text(
        "类别“{label}”只有 1 条，没法同时放进训练和测试。请补一条，或删掉它。",
        "The class “{label}” has one text only, which cannot be in both parts. Please add another, or remove it.",
    ),
    "small_part": Text(
        "{rows} 条文本、{classes} 类，这样切会有一部分装不下每一类。请调整测试集比例，或多给一些数据。",
        "With {rows} texts and {classes} classes one of the parts would be too small to hold every class. Change the share of the test part, or bring more data.",
    ),
    "empty_part": Text(
        "split 列没有同时给出训练行和测试行，请检查它的取值（train、test）。",
        "The split column does not give both training and test rows; please check its values (train, test).",
    ),
    "untrained_class": Text(
        "按 split 列切分后，训练部分缺少类别（与“{label}”有关）。请让每一类在 train 里都有。",
        "As the split column cuts the data, the training part lacks a class (see “{label}”). Please put every class into train.",
    ),
    "unknown_method": Text(
        "没有这种方法，可选：{names}。", "There is no such method; choose one of {names}."
    ),
    "no_methods": Text("请至少选一种方法。", "Please choose at least one method."),
    "labels_not_list": Text(
        "labels 应是一个列表：至少两个不同的文字。", "Labels must be a list of at least two different texts."
    ),
    "labels_count": Text(
        "数据有 {wanted} 类（{names}），却给了 {given} 个标签；请每类给一个，顺序与类别名的排序相同。",
        "The data have {wanted} classes ({names}) and {given} labels were given; please give one for each, in the sorted order of the class names.",
    ),
    "no_mapping": Text(
        "这个模型的标签（{model}）对不上数据的类别（{classes}）。请在“标签与陷阱”里手动对应，或换一种方法。",
        "This model's labels ({model}) do not match the classes of the data ({classes}). Map them by hand in “Labels and traps”, or use another method.",
    ),
    "bad_mapping": Text(
        "对应关系不完整：模型的每个标签（{model}）要对应一个类别或留空，每个类别（{classes}）都要用到。",
        "The mapping is not complete: each label of the model ({model}) needs a class or an empty text, and every class ({classes}) must be used.",
    ),
    "no_task_model": Text(
        "这台电脑上没有适合的情感模型，也连不上 Hugging Face Hub，所以这种方法现在用不了。请联网后重试，或用 HUB_MODELS 指定已有的模型文件夹。",
        "There is no fitting sentiment model on this computer and the Hugging Face Hub cannot be reached, so this method cannot run now. Go online and try again, or name a folder you have with HUB_MODELS.",
    ),
    "prompt_no_text": Text(
        "提示里缺少 {text}，模型看不到要分类的文本；请加上它。",
        "The prompt lacks {text}, so the model would not see the text; please put it in.",
    ),
    "no_label_answer": Text(
        "聊天模型没有从标签里选，它答的是：{answer}。请换短一些的标签名或换一个模型。",
        "The chat model did not choose a label; it answered: {answer}. Please use shorter label names or another model.",
    ),
    "not_texts": Text("texts 应是一个文字列表。", "Texts must be a list of texts."),
    "no_texts": Text("还没有文本，请先写一句。", "There is no text yet; please write one first."),
    "too_many_texts": Text(
        "一次给了 {count} 条，最多 {limit} 条；请分几次，或用评测接口上传文件。",
        "{count} texts were given and at most {limit} fit in one call; please split them, or upload a file for evaluation.",
    ),
    "text_too_long": Text(
        "有一条文本长达 {count} 个字符，最多 {limit} 个，请删短一些。",
        "One text has {count} characters and may have {limit}; please shorten it.",
    ),
}

TEXTS: Texts = {**_LEFT, **_DATA, **_BOARD, **_ERRORS_TAB, **_ONE, **_CURVE, **_TRAP, **_PROBLEMS}
