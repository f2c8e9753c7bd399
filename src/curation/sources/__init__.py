"""Where rows come from: public sets by name, addresses and files, and the shapes that they have."""
