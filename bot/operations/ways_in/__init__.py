"""How people come in: links, their files, the first admin."""
