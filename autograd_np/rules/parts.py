"""Real and imaginary parts, angles, and what becomes of complex numbers."""
