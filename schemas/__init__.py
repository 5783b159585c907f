"""What the data is: typed values, units, errors, protocols and the tables that keep them."""
