"""Companies of any size, always the same for the same size: for looking at pages, for their sizes and their speed."""
