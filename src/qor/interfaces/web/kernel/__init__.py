"""What all pages share: the line that declares a page, rights, words, uploads."""
