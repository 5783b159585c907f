"""What people take away: a person's visits and progress, and a page for every test."""
