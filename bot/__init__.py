"""Does: everything that touches the world."""
