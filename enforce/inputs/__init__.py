"""What comes in (输入): read, checked and, where it cannot be used, refused with every reason at once."""
