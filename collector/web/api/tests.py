"""/api/tests: the clinical tests that ship and the site's own, and how each is done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Response

from collector.own_files import OwnFile, clashes, find_test, own_files
from collector.report.drawing import drawing
from collector.simulate.people import TRAITS
from collector.web.api.bodies.common import TEST_ID, errors
from collector.web.api.bodies.tests import (
    FormulaePart,
    PlacementPart,
    RepetitionsPart,
    TestBody,
    TestLine,
    TestList,
)
from schemas.errors import HipgonioError, StoreError
from schemas.protocol import Protocol
from schemas.protocol_file import packaged_ids, packaged_protocol
from schemas.protocol_file.sensors import SITES_OF
from schemas.segments import Role, Side, segment_of

routes: Final = APIRouter(prefix="/api/tests", tags=["tests"])

TestId = Annotated[
    str,
    Path(
        pattern=TEST_ID,
        description="Id of a test, as the list has it.",
        examples=["pslr"],
    ),
]
_SVG: Final = {"content": {"image/svg+xml": {"schema": {"type": "string"}}}}


@routes.get("", summary="List the tests", operation_id="listTests", responses=errors())
def list_tests() -> TestList:
    """Return the tests that ship, then those of the site's own folder."""
    try:
        files = own_files()
        broken = [*_broken(files)]
    except HipgonioError:  # its sentence names a folder of this computer
        files, broken = (), ["The folder of your own tests cannot be read."]
    taken = clashes(files)
    own = (file.protocol for file in files if file.protocol and file.path not in taken)
    shipped = map(packaged_protocol, packaged_ids())
    return TestList(tests=[_line(test) for test in (*shipped, *own)], unusable=broken)


@routes.get("/{test}", summary="Show a test", operation_id="showTest", responses=errors(404))
def show_test(
    test: TestId,
    side: Annotated[
        Side | None, Query(description="Side that is tested: it names the segments.")
    ] = None,
) -> TestBody:
    """Return how a test is done; without a side, segments are named as for the left."""
    protocol = _found(test)
    reps, formulae = protocol.repetitions, protocol.formulae
    return TestBody(
        id=protocol.id,
        version=protocol.version,
        title=protocol.title,
        target=protocol.target,
        position=protocol.position,
        sided=protocol.sided,
        condition=protocol.condition,
        procedure=list(protocol.procedure),
        reference_pose=protocol.reference.pose,
        standing_first=protocol.standing_first,
        not_with=list(protocol.not_with),
        lean_first=protocol.lean_first,
        placements=[*_placements(protocol, side or "left")],
        safety=list(protocol.safety),
        end_points=list(protocol.end_points),
        repetitions=RepetitionsPart(
            least=reps.least, most=reps.most, hold_s=reps.hold_s, rest_s=reps.rest_s
        ),
        formulae=FormulaePart(
            tot=formulae.tot.text, hip=formulae.hip.text, comp=formulae.comp.text
        ),
        citations=[citation.text for citation in protocol.citations],
    )


@routes.get(
    "/{test}/drawing.svg",
    summary="Draw a test",
    operation_id="drawTest",
    response_class=Response,
    responses={200: _SVG, **errors(404)},
)
def draw_test(test: TestId) -> Response:
    """Return the position, and every sensor where it is strapped, as one SVG document."""
    return Response(drawing(_found(test)), media_type="image/svg+xml")


def _found(test: str) -> Protocol:
    """Return a test; why it cannot be had names files of this computer, and is not told."""
    try:
        return find_test(test)[0]
    except HipgonioError:
        raise StoreError(
            f"There is no test {test!r} that can be used: expected one of the list of tests.",
            reason="no_such_test",
        ) from None


def _line(protocol: Protocol) -> TestLine:
    return TestLine(
        id=protocol.id,
        title=protocol.title,
        target=protocol.target,
        position=protocol.position,
        sided=protocol.sided,
        condition=protocol.condition,
        phase=protocol.phase,
        required=list(protocol.required),
        not_with=list(protocol.not_with),
        simulated=protocol.id in TRAITS and protocol.id in packaged_ids(),
    )


def _broken(files: tuple[OwnFile, ...]) -> Iterator[str]:
    """Yield which own files cannot be chosen; where they lie is not told to the page."""
    taken = clashes(files)
    for file in files:
        if file.error is not None or file.path in taken:
            yield (
                f"Your own test {file.path.name} cannot be used: `hipgonio protocols check` on this"
                " computer says why."
            )


def _placements(protocol: Protocol, side: Side) -> Iterator[PlacementPart]:
    roles: tuple[Role, ...] = (*protocol.required, *protocol.optional)
    for role in roles:
        yield PlacementPart(
            segment=segment_of(role, side),
            role=role,
            required=role in protocol.required,
            text=protocol.placement.get(role, ""),
            site=protocol.sites.get(role),
            sites=list(SITES_OF[role]),
        )
