"""Early warning: what grows beyond its expected range, which addresses and wordings return, how tense the city is."""
