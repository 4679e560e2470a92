"""Files that belong to records: taken in, looked into, kept under their content, given out to whoever may have them."""
