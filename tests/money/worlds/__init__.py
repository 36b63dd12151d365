"""Random worlds of two providers with two contracts each, played by the product and computed by a
clerk who shares no function with it."""
