"""Why (理由): the reason of each cell, the shortage, and the ways out of it."""
