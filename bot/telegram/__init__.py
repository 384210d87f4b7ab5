"""Telegram as a channel; the only package that imports aiogram."""
