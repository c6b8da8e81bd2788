"""The project's own code, made wrong on purpose: what each test is worth."""
