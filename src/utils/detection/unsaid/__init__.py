"""What stands around turns and nobody says: layout, page furniture, marks that programs set."""
