"""What judge and worker say to each other: messages, how values travel, facts about what stays in the worker."""
