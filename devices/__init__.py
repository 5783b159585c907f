"""What each sensor says: how to recognise it, how to start it, bytes to samples and back."""
