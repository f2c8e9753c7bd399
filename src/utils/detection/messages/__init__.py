"""Messages: lines that head one with a time and a name, chats, mail and talk pages."""
