"""The page: its shell, its styles and its modules."""
