"""The catalogue's samples computed by other libraries."""
