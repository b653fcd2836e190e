"""A stand-in for the national certification centre and NCANode: test keys, signatures and their verification.

Everything here is invented for development and tests: nobody real is named, and no signature made here is worth
anything outside this folder. Keys of the real centre mostly use GOST, which only NCANode itself can check.
"""
