"""One module for each format of chat logs: its records become conversations without the noise of the program."""
