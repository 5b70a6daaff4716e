"""Ready examples: songs liked, songs disliked, a playlist begun. All of the embedded catalogue."""

Names = tuple[tuple[str, str], ...]

EXAMPLES: dict[str, tuple[Names, Names, Names]] = {
    "example_queen": ((("Bohemian Rhapsody", "Queen"),), (), ()),
    "example_jay": ((("晴天", "周杰伦"),), (), ()),
    "example_minus": (
        (("Teardrop", "Massive Attack"), ("Ain't No Sunshine", "Bill Withers")),
        (("One More Time", "Daft Punk"),),
        (),
    ),
    "example_playlist": (
        (),
        (),
        (
            ("So What", "Miles Davis"),
            ("Feeling Good", "Nina Simone"),
            ("Take Five", "The Dave Brubeck Quartet"),
        ),
    ),
}
