"""Structure first: tables, records of JSON, captions and the blocks of web pages."""
