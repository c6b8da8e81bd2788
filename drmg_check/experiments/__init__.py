"""Experiments on what the paper claims of learning, each with a criterion that it computes."""
