"""How lvscf is released: what users download is made here."""
