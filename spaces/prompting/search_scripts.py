"""The texts of the scripts: `@NAME@` is filled in by `search_snippet.py`."""

ASK = '''

def ask(messages, **settings):
    """The answer, and its tokens with their log-probabilities."""
    request = {
        "messages": messages,
        "temperature": 0.0,
        "top_p": 1.0,
        "top_k": 0,
        "min_p": 0.0,
        "seed": 0,
        "samplers": ["temperature", "top_k", "top_p"],
        "cache_prompt": False,
    }
    answer = server.handle_chat_completions(request | settings)["choices"][0]
    return answer["message"]["content"], (answer.get("logprobs") or {}).get("content") or []
'''

NUMBERS = '''

def number_logprobs(messages, count):
    """The log-probabilities that the answer begins with 1, 2, ... count."""
    _, tokens = ask(messages, max_tokens=1, logprobs=True, top_logprobs=20)
    found = {token["token"]: token["logprob"] for token in (tokens[0]["top_logprobs"] if tokens else [])}
    for number in range(1, count + 1):
        if str(number) not in found:  # not among the 20 most probable: allow nothing else and read it
            schema = {"type": "json_schema", "json_schema": {"name": "answer", "schema": {"const": number}}}
            _, tokens = ask(messages, max_tokens=1, logprobs=True, top_logprobs=1, response_format=schema)
            found[str(number)] = tokens[0]["logprob"]
    return [found[str(number)] for number in range(1, count + 1)]


def shares(logprobs):
    """softmax: the probabilities among these alone."""
    weights = [math.exp(logprob - max(logprobs)) for logprob in logprobs]
    return [weight / sum(weights) for weight in weights]
'''

CHOICE = """

messages = @MESSAGES@
choices = @CHOICES@
logprobs = number_logprobs(messages, len(choices))
print(choices[logprobs.index(max(logprobs))])
for choice, share, logprob in zip(choices, shares(logprobs), logprobs):
    # among the choices, then the model's own probability of the number
    print(f"{share:10.6f}  {math.exp(logprob):10.6f}  {choice}")
"""

TREE = '''

question = @QUESTION@
k, b, d, seed = @PLAN@  # thoughts per state, states kept, steps, seed
system = @SYSTEM@
example = @EXAMPLE@
propose_task, value_task, answer_task = @TASKS@


def turn(asked, steps, task):
    listed = "\\n".join(f"{n}. {step}" for n, step in enumerate(steps, start=1)) or @NONE@
    return {"role": "user", "content": @STEPS@.format(question=asked, steps=listed, task=task)}


def propose(steps, seed):
    """One more step, sampled."""
    shown = {"role": "assistant", "content": example[1]}
    messages = [*system, turn(example[0], [], propose_task), shown, turn(question, steps, propose_task)]
    settings = {"temperature": @TEMPERATURE@, "top_p": 0.95, "max_tokens": @THOUGHT_TOKENS@, "stop": ["\\n"]}
    text, _ = ask(messages, seed=seed, **settings)
    return re.sub(@NUMBERED@, "", " ".join(text.split()), flags=re.I).strip()


def value(steps):
    """P(sure) + P(maybe) / 2, by the model itself."""
    sure, maybe, _ = shares(number_logprobs([*system, turn(question, steps, value_task)], 3))
    return sure + maybe / 2


frontier, number = [[]], 0
for depth in range(1, d + 1):
    states = []
    for steps in frontier:
        seen = set()
        for _ in range(k):
            number += 1
            thought = propose(steps, seed + number)
            if thought and thought.casefold() not in seen:
                seen.add(thought.casefold())
                states.append([*steps, thought])
    if not states:
        break
    ranked = sorted(((value(steps), steps) for steps in states), key=lambda pair: -pair[0])
    for rank, (score, steps) in enumerate(ranked):
        print(f"step {depth}  {'kept  ' if rank < b else 'pruned'}  {score:.3f}  {steps[-1]}")
    frontier = [steps for _, steps in ranked[:b]]

shown = {"role": "assistant", "content": example[2]}
solved = turn(example[0], [example[1]], answer_task)
messages = [*system, solved, shown, turn(question, frontier[0], answer_task)]
text, _ = ask(messages, max_tokens=@ANSWER_TOKENS@)
print(text.strip())
'''

VOTES = """

messages = @MESSAGES@
settings = @SETTINGS@
answers = []
for seed in range(@SEED@, @SEED@ + @SAMPLES@):
    text, _ = ask(messages, seed=seed, **settings)
    answers.append(final_answer(text))
    print(f"sample {seed - @SEED@ + 1}: {answers[-1]}")
for answer, votes in Counter(answer for answer in answers if answer is not None).most_common():
    print(f"{votes} of @SAMPLES@: {answer}")
"""

MEASURE = '''

# @PLACE@ in a prompt stands for the question
prompts = @PROMPTS@
problems = @PROBLEMS@


def solve(name, question):
    """The number that the answer ends on."""
    messages = [
        {**turn, "content": turn["content"].replace(@PLACE_LITERAL@, question)} for turn in prompts[name]
    ]
    if name != "self_consistency":
        return final_number(ask(messages, max_tokens=@TOKENS@)[0])
    samples = [
        ask(messages, max_tokens=@TOKENS@, temperature=@TEMPERATURE@, seed=seed)[0]
        for seed in range(@SEED@, @SEED@ + @SAMPLES@)
    ]
    votes = Counter(answer for answer in map(final_answer, samples) if answer is not None).most_common(1)
    return votes[0][0] if votes else None


def wilson(right, asked, z=@Z@):
    """The 95 % interval of a share."""
    share = right / asked
    middle = (share + z * z / (2 * asked)) / (1 + z * z / asked)
    half = z / (1 + z * z / asked) * math.sqrt(share * (1 - share) / asked + z * z / (4 * asked * asked))
    return middle - half, middle + half


for name in prompts:
    right = sum(solve(name, question) == str(answer) for question, answer in problems)
    low, high = wilson(right, len(problems))
    print(f"{name}: {right} of {len(problems)}, 95 % interval {low:.2f} to {high:.2f}")
'''
