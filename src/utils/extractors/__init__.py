"""One module per document format; each has one public function ``extract(path, warn)`` that yields sections."""
