"""The paperwork (公文): which papers a plan has, what stands in each, and their proof-reading."""
