"""Past answers out of other tools: read as they come, checked, brought in all or none."""
