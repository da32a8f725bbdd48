"""Plan packs: what signed documents say, written down as data. Each fact stands with its clause."""
