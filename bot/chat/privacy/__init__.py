"""What people may say about their own data, and what admins settle about everybody's."""
