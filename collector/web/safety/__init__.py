"""Who may talk to the screen: tokens, cookies, codes, Host and Origin, limits, TLS, the door."""
