"""A radio that misbehaves on demand: bleak over bumble, and sensors that do not exist."""
