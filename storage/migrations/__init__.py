"""The schema's history. A migration never changes once it has left the house."""
