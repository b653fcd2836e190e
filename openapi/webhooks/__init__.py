"""Events sent to the programs that asked for them."""
