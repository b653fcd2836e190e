"""Tools of the developers: the local servers, translations, checks."""
