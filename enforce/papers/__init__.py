"""What goes out (交付): tables and pictures for the screen, workbooks and pages for the reader.

Nothing here plans or reads an input: every function takes finished tables and shows or writes them in Chinese.
"""
