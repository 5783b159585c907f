"""/api/texts/{lang}: the screen's words in one language."""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path

from collector.web.api.bodies.common import errors
from collector.web.api.bodies.texts import TextsBody
from collector.web.texts.catalogue import is_known, languages, page_texts
from schemas.errors import UsageError

routes: Final = APIRouter(prefix="/api/texts", tags=["texts"])


@routes.get(
    "/{lang}", summary="Show a language's texts", operation_id="showTexts", responses=errors(404)
)
def show_texts(
    lang: Annotated[str, Path(max_length=16, description="Language.", examples=["de"])],
) -> TextsBody:
    """Return every text of a language by its English one; English itself needs none."""
    if not is_known(lang):
        known = ", ".join(code for code, _ in languages())
        raise UsageError(
            f"There are no texts in {lang!r}: expected one of {known}.", reason="no_such_language"
        )
    return TextsBody.model_validate(page_texts(lang))
