"""What may not be done to accounts and organisations, by name."""

from __future__ import annotations

from qor.law.nouns.refusals import Refusal


class NotAnAccount(Refusal):
    """Nobody of that name may do this: the account does not exist, is switched off, or has another
    role."""

    key = "not_an_account"


class NoSuchUser(Refusal):
    """There is no account of that name."""

    key = "no_such_user"


class NameTaken(Refusal):
    """An account of that name exists."""

    key = "name_taken"


class WrongOrganisation(Refusal):
    """The role belongs to another kind of organisation."""

    key = "wrong_organisation"


class LastAdministrators(Refusal):
    """Fewer than two administrators would be left, and some rights need two."""

    key = "last_administrators"


class NotYourself(Refusal):
    """Nobody decides about their own account, or approves what they asked for."""

    key = "not_yourself"


class NothingAsked(Refusal):
    """There is no open request of that number."""

    key = "nothing_asked"


class AlreadyInitialised(Refusal):
    """The database has accounts already: `init` is for an empty one."""

    key = "already_initialised"


class BadOrganisation(Refusal):
    """A line of the organisations' file that cannot be taken: nothing of the file is."""

    key = "bad_organisation"


class NoSuchOrganisation(Refusal):
    """No organisation has that BIN, region or kind."""

    key = "no_such_organisation"


class PasswordWeak(Refusal):
    """The new password is too short, too common, or too like the user's name."""

    key = "password_weak"
