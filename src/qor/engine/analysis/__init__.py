"""Analysis for additional findings (321/2020:14, 51:5)): who stands apart from their peers, and in
what. It proposes, and never deducts."""
