"""The desk (办公桌): what a person starts. It alone sees inputs, planning and papers."""
