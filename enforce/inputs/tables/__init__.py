"""Tables (数据表): the tables of a plan, their forms, and what one says of another."""
