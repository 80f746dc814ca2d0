"""What must hold with every allowed version of a library: `make test-lowest`, `make test-newest`."""
