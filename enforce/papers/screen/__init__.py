"""The screen (屏幕): tables and charts as a notebook shows them."""
