"""Reports as single HTML files: no script, nothing loaded from elsewhere, readable on paper."""
