"""Books (表册): the xlsx files handed over."""
