"""The digest: a page, a short message and plain text, made from its document alone.

A section is one module here that turns its part of the document into finished words and
coordinates, one page of the same name in `pages/digest` that lays them out, and a line of
`sections.SECTIONS`.
"""
