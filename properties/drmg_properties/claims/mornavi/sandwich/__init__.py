"""Algorithm 1 run and enumerated: optimism and pessimism, on the events and off them."""
