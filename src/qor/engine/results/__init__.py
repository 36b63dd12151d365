"""What pages and commands read of the lake: named steps, their rows typed by declaration."""
