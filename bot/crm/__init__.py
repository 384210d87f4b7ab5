"""A CRM that is told of cases: a channel of its own, off unless an operator names its address."""
