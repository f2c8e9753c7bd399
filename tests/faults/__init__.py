"""Faults from outside: kills, full disks, damage, clocks, planted keys, orders hidden in documents."""
