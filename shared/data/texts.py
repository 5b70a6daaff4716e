"""What is said about data that cannot be read; part of the shell's texts (`hub.`)."""

from shared.i18n import Text, Texts

TEXTS: Texts = {
    "data_empty": Text(
        "这个文件是空的。请上传至少有两行文字的 CSV、TSV、JSONL 或文本文件。",
        "The file is empty. Please upload a CSV, TSV, JSONL or text file with at least two rows.",
    ),
    "data_no_rows": Text(
        "文件里没有能用的行（读不了的有 {bad} 行）。请检查分隔符，或换一个文件。",
        "The file has no usable rows ({bad} could not be read). Please check its delimiter, or take another file.",
    ),
    "data_excel": Text(
        "这其实是 Excel 工作簿（或压缩包），改名不会把它变成 CSV。请在表格软件里另存为 CSV 再上传。",
        "This is an Excel workbook (or a zip), and renaming does not make it a CSV. Please save it as CSV in your spreadsheet program and upload that.",
    ),
    "data_packed": Text(
        "这是一个压缩文件，请先解压再上传。",
        "This file is compressed; please unpack it and upload what is inside.",
    ),
    "data_binary": Text(
        "这不是文本文件。请上传 CSV、TSV、JSONL 或纯文本。",
        "This is not a text file. Please upload CSV, TSV, JSONL or plain text.",
    ),
    "data_bad_json": Text(
        "这个 JSON 文件读不出来。请每行写一个对象（JSONL），或检查括号是否配对。",
        "This JSON cannot be read. Please write one object a line (JSONL), or check its brackets.",
    ),
    "data_no_header": Text(
        "第 {line} 行（列名所在的行）读不出来：引号没有配对。请改正后再上传。",
        "Line {line}, which should name the columns, cannot be read: a quote is not closed. Please mend it and upload again.",
    ),
    "data_too_wide": Text(
        "这个表格超过 {limit} 列，请只留下要用的列。",
        "This table has more than {limit} columns; please keep only those you need.",
    ),
    "data_too_large": Text(
        "数据超过 {limit}，请取其中一部分。", "The data is larger than {limit}; please take a part of it."
    ),
    "data_no_column": Text(
        "表格里没有名为“{name}”的列，可选的有：{names}。",
        "The table has no column “{name}”; choose one of: {names}.",
    ),
    "data_unknown": Text(
        "找不到名为“{name}”的数据集。请选列表里的一个，或写 Hugging Face 上的编号（形如 dair-ai/emotion）。",
        "There is no data set “{name}”. Choose one of the list, or write an id of the Hugging Face Hub (like dair-ai/emotion).",
    ),
    "data_no_table": Text(
        "{repo} 里没有 Parquet、CSV 或 JSONL 文件；数据集自带的脚本本站不会运行。请换一个数据集。",
        "{repo} has no Parquet, CSV or JSONL files, and the hub never runs a data set's script. Please choose another one.",
    ),
    "data_damaged": Text(
        "数据文件 {name} 读不出来，可能已损坏；请重新下载或换一个数据集。",
        "The data file {name} cannot be read and may be damaged; please fetch it again or choose another data set.",
    ),
    "offline_dataset": Text(
        "数据集 {repo} 还没有下载过，Hugging Face Hub 现在也连不上。请联网后重试、选内置数据，或上传自己的文件。",
        "The data set {repo} was never downloaded here and the Hugging Face Hub cannot be reached now. Go online and try again, choose embedded data, or upload your own file.",
    ),
}
