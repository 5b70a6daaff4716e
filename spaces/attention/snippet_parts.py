"""The runnable script behind the view: the same training with torch.nn.Transformer, without the hub."""

_SCRIPT = '''"""Dates in free form -> ISO 8601 with torch.nn.Transformer. Needs: pip install torch"""

import datetime
import math
import random

import torch
from torch import nn

WIDTH, HEADS, LAYERS = {width}, {heads}, {layers}
LEARNING_RATE, PRE_NORM, STEPS, BATCH = {rate}, {pre_norm}, {steps}, 64
TEXT = {text!r}

MONTHS = "january february march april may june july august september october november december".split()
SOURCE = "0123456789abcdefghijklmnopqrstuvwxyz ,./-()年月日号星期周天一二三四五六七八九十〇零"
TARGET = "0123456789-"
PAD, START, END = 0, 1, 2
source_id = {{c: i for i, c in enumerate(SOURCE, 3)}}
target_id = {{c: i for i, c in enumerate(TARGET, 3)}}
torch.manual_seed(0)
torch.set_num_threads(1)  # the matrices are small: a second thread mostly waits
random.seed(0)

days = [datetime.date(1900, 1, 1) + datetime.timedelta(n) for n in range(73_049)]
random.shuffle(days)
held_out, known = days[:7304], days[7304:]


def written(d):  # six of the lab's nine forms
    name = random.choice([MONTHS[d.month - 1], MONTHS[d.month - 1][:3]])
    return random.choice(
        [
            f"{{name}} {{d.day}}, {{d.year}}",
            f"{{d.day}} {{name}} {{d.year}}",
            f"{{d.month}}/{{d.day}}/{{d.year}}",
            f"{{d.day}}. {{d.month}}. {{d.year}}",
            f"{{d.year}}.{{d.month:02d}}.{{d.day:02d}}",
            f"{{d.year}}年{{d.month}}月{{d.day}}日",
        ]
    )


def batch(dates):
    rows = [[source_id[c] for c in written(d)] for d in dates]
    longest = max(map(len, rows))
    source = torch.tensor([row + [PAD] * (longest - len(row)) for row in rows])
    target = torch.tensor([[START, *(target_id[c] for c in d.isoformat()), END] for d in dates])
    return source, target


def positions(length):
    angle = torch.arange(length)[:, None] * torch.exp(torch.arange(0, WIDTH, 2) * (-math.log(10_000) / WIDTH))
    return torch.stack([angle.sin(), angle.cos()], dim=-1).flatten(1)


class Dates(nn.Module):
    def __init__(self):
        super().__init__()
        self.source = nn.Embedding(len(SOURCE) + 3, WIDTH)
        self.target = nn.Embedding(len(TARGET) + 3, WIDTH)
        for table in (self.source, self.target):
            nn.init.normal_(table.weight, std=WIDTH**-0.5)
        self.transformer = nn.Transformer(
            WIDTH, HEADS, LAYERS, LAYERS, 4 * WIDTH, dropout=0.0, batch_first=True, norm_first=PRE_NORM
        )
        self.output = nn.Linear(WIDTH, len(TARGET) + 3)
        self.output.weight = self.target.weight
        self.register_buffer("positions", positions(64))

    def forward(self, source, target):
        def embed(tokens, table):
            return table(tokens) * WIDTH**0.5 + self.positions[: tokens.shape[1]]

        causal = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        padding = torch.where(source == PAD, -math.inf, 0.0)
        return self.output(
            self.transformer(
                embed(source, self.source),
                embed(target, self.target),
                tgt_mask=causal,
                src_key_padding_mask=padding,
                memory_key_padding_mask=padding,
            )
        )


model = Dates()
optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, betas=(0.9, 0.98), weight_decay=0)
for step in range(1, STEPS + 1):
    fall = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / STEPS))
    for group in optimizer.param_groups:
        group["lr"] = LEARNING_RATE * min(1, step / min(200, STEPS)) * fall
    source, target = batch(random.sample(known, BATCH))
    logits = model(source, target[:, :-1])
    loss = nn.functional.cross_entropy(logits.flatten(0, 1), target[:, 1:].flatten())
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    if step % 100 == 0 or step == STEPS:
        with torch.no_grad():
            source, target = batch(held_out[:300])
            right = (model(source, target[:, :-1]).argmax(-1) == target[:, 1:]).all(1).float().mean()
        print(f"step {{step}}  loss {{loss.item():.3f}}  exact match on held-out dates {{right.item():.3f}}")

ids = torch.tensor([[source_id[c] for c in TEXT.lower() if c in source_id]])
answer = torch.tensor([[START]])
with torch.no_grad():
    while answer.shape[1] < 12 and answer[0, -1] != END:
        answer = torch.cat([answer, model(ids, answer)[:, -1:].argmax(-1)], dim=1)
print(TEXT, "->", "".join(TARGET[i - 3] for i in answer[0, 1:].tolist() if i > END))
'''


def snippet(
    width: int = 64,
    heads: int = 4,
    layers: int = 2,
    rate: float = 3e-3,
    pre_norm: bool = True,
    steps: int = 2400,
    text: str = "March 4, 2026",
) -> str:
    """A script of its own with the size and the settings that were chosen, and the visitor's date."""
    return _SCRIPT.format(
        width=int(width),
        heads=int(heads),
        layers=int(layers),
        rate=float(rate),
        pre_norm=bool(pre_norm),
        steps=int(steps),
        text=text.strip()[:60] or "March 4, 2026",
    )
