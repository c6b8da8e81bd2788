"""Exact answers: certified enclosures, convex primals, high-precision duals, brute force."""
