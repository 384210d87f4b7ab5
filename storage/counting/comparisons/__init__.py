"""Two waves or two periods side by side, and the wave with which later figures are compared."""
