"""Keys that everybody can read here: for development and tests; production refuses to start with them."""

INSECURE_SECRET_KEY = "insecure-key-of-a-development-machine-never-use-it-in-production"
INSECURE_FIELD_KEY = "aW5zZWN1cmUtZmllbGQta2V5LW9mLWRldmVsb3BtZW4="
INSECURE_HASH_KEY = "insecure-hash-key-of-a-development-machine"
