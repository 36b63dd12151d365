"""A small country to try the road on: invented people and providers, planted defects and
look-alikes, and a known answer."""
