"""What people agree to, and how what is kept of them is handed out, aged and erased."""
