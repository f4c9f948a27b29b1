"""Who handles it? Departments, routing, assignments, deadlines, the desk, the wall."""
