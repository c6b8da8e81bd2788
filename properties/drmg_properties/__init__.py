"""Laws that every correct implementation obeys, and the ledger of claims of published papers."""
