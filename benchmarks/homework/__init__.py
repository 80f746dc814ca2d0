"""Long measurements of the homework of lesson 108."""
