"""What goes over HTTP, field by field with units: requests and answers of /api/."""
