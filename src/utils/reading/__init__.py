"""Reading input files safely: worker processes that can be stopped, texts on disk, OCR, many files at once."""
