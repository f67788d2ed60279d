SUPPORTED = set()
