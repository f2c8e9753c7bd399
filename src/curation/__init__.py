"""Large sets of rows: instruction and response, one JSON object a line, hundreds of thousands of them."""
