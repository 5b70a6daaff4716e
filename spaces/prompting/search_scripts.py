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

SCORE = '''

def post(path, body):
    """What llama.cpp has on its port only."""
    address = server.listening_address + path
    request = urllib.request.Request(address, json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as response:
        return json.load(response)


def logprob(messages, answer):
    """How probable the answer is: the sum over its tokens, each one forced and its logprob read."""
    prompt = post("/apply-template", {"messages": messages})["prompt"]
    context = post("/tokenize", {"content": prompt, "parse_special": True})["tokens"]
    whole = post("/tokenize", {"content": "a"})["tokens"][0]
    total = 0.0
    for token in post("/tokenize", {"content": answer})["tokens"]:
        request = {"prompt": context, "max_tokens": 1, "temperature": 0.0, "cache_prompt": True}
        for forced, alternatives in ((token, 1), (whole, 1_000_000)):
            # the second round is for a token that is the beginning of a character: told only beside another
            settings = {"logit_bias": [[forced, 1000.0]], "logprobs": alternatives}
            told = server.handle_completions(request | settings)["choices"][0]["logprobs"]
            if told:
                break
        entries = told["content"][:1] + told["content"][0]["top_logprobs"]
        total += next(entry["logprob"] for entry in entries if entry["id"] == token)
        context.append(token)
    return total


def shares(logprobs):
    """softmax: the probabilities among these alone."""
    weights = [math.exp(logprob - max(logprobs)) for logprob in logprobs]
    return [weight / sum(weights) for weight in weights]
'''

CHOICE = """

messages = @MESSAGES@
choices = @CHOICES@
logprobs = [logprob(messages, choice) for choice in choices]
print(choices[logprobs.index(max(logprobs))])
for choice, share, value in zip(choices, shares(logprobs), logprobs):
    # among the choices, then the model's own probability of an answer that begins so
    print(f"{share:10.6f}  {math.exp(value):10.3g}  {choice}")
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
    messages = [*system, turn(question, steps, value_task)]
    sure, maybe, _ = shares([logprob(messages, word) for word in @VALUES@])
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
