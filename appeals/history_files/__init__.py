"""Read exports of other systems, JSONL or CSV, by a mapping file, into past appeals."""
