"""One raw mail: bytes to headers, texts and files."""
