"""People and sensors that do not exist, with the truth beside them."""
