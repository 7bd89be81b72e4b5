"""Who runs the unions: people, posts, staffing rules, training."""
