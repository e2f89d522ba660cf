"""The rehearsal: scripted people who live through a whole roster, and the rules that must hold meanwhile."""
