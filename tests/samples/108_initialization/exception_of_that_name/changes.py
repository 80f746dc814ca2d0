class ValueError(Exception):
    pass
