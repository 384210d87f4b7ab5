"""The digest as a page, from the chat: a link that opens it, and the tap that ends it."""
