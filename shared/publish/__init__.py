"""One lab alone: a folder that starts with `python app.py` and can be pushed as a Hugging Face Space."""
