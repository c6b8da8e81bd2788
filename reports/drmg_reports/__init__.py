"""One handler per report format; each is a pure function of a run's events."""
