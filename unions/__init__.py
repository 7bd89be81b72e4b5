"""What exists: the tree of unions, people and grants, scope, duties, moves, notices, jobs."""
