"""The product without an account: an invented company, its history, a clientele that answers."""
