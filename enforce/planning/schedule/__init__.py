"""The schedule (日程): each visit of the months still open on working days, with two officers who may go."""
