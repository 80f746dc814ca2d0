"""What people read: texts and their translations, reasons of the system, Markdown as plain text."""
