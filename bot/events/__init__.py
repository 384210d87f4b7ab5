"""Where a CRM tells what happened: a small HTTP endpoint, off unless it is set up."""
