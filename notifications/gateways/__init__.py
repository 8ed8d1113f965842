"""The ways out of the house over HTTP: which addresses are allowed, how a request is signed, sent and answered."""
