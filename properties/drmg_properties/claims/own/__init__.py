"""What drmg-check claims of itself."""
