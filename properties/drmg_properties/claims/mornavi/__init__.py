"""The claims of the MORNAVI paper, part by part."""
