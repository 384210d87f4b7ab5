"""Work that keeps the installation in order: copies, restores, ageing, the disk, the clock."""
