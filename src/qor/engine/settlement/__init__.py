"""Decisions become money: what is returned, held and payable, in lines that balance."""
