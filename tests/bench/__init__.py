"""`make bench`: the hub against the bare libraries, in the same session, as ratios."""
