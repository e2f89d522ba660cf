"""The use cases: joining, answering, asking, preparing. They load, let conversations decide, and save."""
