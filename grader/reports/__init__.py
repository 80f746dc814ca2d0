"""The pages that people read after a batch: the class at a glance, and one page for each student."""
