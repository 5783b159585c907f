"""What somebody reads who is not let in: one sentence for each reason."""

from __future__ import annotations

from dataclasses import dataclass


def _(text: str) -> str:
    """Mark a text for the catalogue; the page translates it, the API does not."""
    return text


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not served: HTTP status, slug for scripts, sentence for people."""

    status: int
    reason: str
    sentence: str


NOT_SIGNED_IN = Refusal(
    401,
    "not_signed_in",
    _(
        "This browser is not signed in: press Enter where hipgonio serve runs and open the address "
        "that it prints."
    ),
)
TOKEN_SPENT = Refusal(
    403,
    "token_spent",
    _(
        "This address has been used or is too old: press Enter where hipgonio serve runs "
        "and open the new one."
    ),
)
WRONG_HOST = Refusal(
    403,
    "wrong_host",
    _("This address does not belong to hipgonio: open the one that hipgonio serve prints."),
)
WRONG_ORIGIN = Refusal(
    403,
    "wrong_origin",
    _("Another page asked for this, and only hipgonio's own page may."),
)
NO_SUCH_PAGE = Refusal(404, "no_such_page", _("There is no such page here."))
TOO_LARGE = Refusal(
    413, "too_large", _("This is more than 1 MB, which is the most that is taken at once.")
)
TOO_SLOW = Refusal(408, "too_slow", _("The request did not arrive in time: try again."))

NOT_SHARED = _("The screen is not shared with tablets: start hipgonio serve --share.")
CODE_NEEDED = _("Type the six digits that the computer shows.")
CODE_WRONG = _("This is not the code that the computer shows now: compare it and try again.")
CODE_RENEWED = _(
    "Five wrong codes were typed, so there is a new one: type the six digits that the computer "
    "shows now."
)
CODE_PAUSED = _(
    "There were too many wrong codes, so no tablet is let in for ten minutes: then type the code "
    "that the computer shows."
)
