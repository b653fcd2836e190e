"""The inspector's actions: classify, route, forward, split, link, join an incident, promote, move a message."""
