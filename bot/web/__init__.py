"""A customer answers on a web page: the same conversation, over HTTP and without a messenger."""
