"""What is done with the data: links, motion, scoring, store, imports, exports, command line."""
