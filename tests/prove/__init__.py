"""Proofs of delivery: the real program is killed and hindered, and the figures compared."""
