"""Sentences to click: what each family does well, and where the small ones stop."""

DEFAULT = "The woman is drinking hot coffee because she is tired."
SENTENCES = {
    "ex_default": DEFAULT,
    "ex_paris": "The capital of France is [MASK].",
    "ex_review": "This movie was not just bad, it was a cinematic disaster.",
    "ex_story": "Once upon a time there was a little girl who lived in",
    "ex_company": "Hugging Face is a technology company based in New York and Paris.",
}
"""ex_review and ex_company are the chapter's own."""
SECOND = "A lady has a cup of coffee since she needs some sleep."
TRANSLATE = (
    "The woman is drinking hot coffee because she is tired.",
    "Yesterday my brother bought a new book.",
    "The cat is under the big table.",
    "We do not have a car.",
    "Does your sister like this red skirt?",
    "The boy is playing football in the park.",
    "The young man gives the child a fresh apple.",
    "My mother is a doctor.",
    "I want to read an interesting book tomorrow.",
)
