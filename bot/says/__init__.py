"""What people do and what they read, in no messenger's terms: pure, no aiogram, no storage."""
