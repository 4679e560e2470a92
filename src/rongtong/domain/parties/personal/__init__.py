"""Personal data: what is held of a person, given out on request, erased on request; a person decides over a machine."""
