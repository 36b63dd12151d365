"""Who a command of the workflow is carried out by: an account, or the operator at the machine."""

from __future__ import annotations

import getpass


def acting(name: str | None, *roles: str) -> str:
    """Return the name to enter in the journal: an active account with one of the roles, else the
    machine's user.

    The database must be open. NotAnAccount for a name that no such account has.
    """
    from qor.workflow.accounts.actions import account

    return account(name, *roles).username if name else getpass.getuser()
