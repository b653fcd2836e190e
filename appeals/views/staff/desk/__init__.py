"""The desk: register a call, a paper or a visitor while the person is there."""
