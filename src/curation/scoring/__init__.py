"""The quality of rows in four dimensions, by a model or by a free rule that is named as such."""
