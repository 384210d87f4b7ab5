"""Past answers from other tools: read as they come, checked, all or none imported."""
