"""Other systems' exports, turned into files that the door takes."""
