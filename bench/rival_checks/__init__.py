"""The parts of `bench/rivals.py`: what rivals are given, and the checks in pandas."""
