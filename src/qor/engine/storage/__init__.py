"""Where bulk facts are kept and read: the lake and its engine."""
