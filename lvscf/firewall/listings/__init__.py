"""Listings (`iptables -L`), turned back into the rules that they show."""
