"""Commands about people: lists and past answers in, links out, roles and leaving."""
