"""The concentration inequalities that the paper rests on."""
