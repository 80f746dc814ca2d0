"""A class: rows, slots that grade them, the journal of what is finished."""
