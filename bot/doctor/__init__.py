"""`roleforge doctor`: everything that can be looked at before something goes wrong."""
