"""`otklik doctor`: what is wrong, or soon may be, and what to do about it."""
