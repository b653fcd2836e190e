"""Reference data shipped with the hub: files in `data/`, and the loader that puts them into the editable tables."""
