"""What is due to whom: exact shares of whole sums."""
