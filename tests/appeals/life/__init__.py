"""An appeal's life played by chance: the world, the moves and what must hold after each of them."""
