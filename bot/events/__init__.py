"""Where a CRM reports events: a small HTTP endpoint, off unless it is set up."""
