"""What is wrong with a site or with what it was asked for, told without a traceback."""


class SiteError(Exception):
    """Something a user can mend; the message says what, where and how."""
