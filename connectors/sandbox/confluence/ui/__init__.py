"""The wiki as people see it in a browser."""
