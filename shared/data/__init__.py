"""Data sets for every lab: named ones, Hub ids and uploads as tables; their embeddings, computed once."""
