"""The lessons' checks on stand-ins."""
