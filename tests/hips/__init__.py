"""Programs written for HIPS autograd, run by `autograd_np`, as docs/coming_from_hips.md says."""
