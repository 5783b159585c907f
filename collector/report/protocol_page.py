"""One page for every test, made from its protocol file alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields

from collector.report.pages import environment
from collector.report.wording import confidence_of, figure_text, words
from schemas.protocol import Figure, Gates, Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """A figure as a page's table shows it."""

    of: str
    figure: str
    words: str
    source: str
    tag: str


def protocol_page(protocol: Protocol) -> str:
    """Return the page of a test in Markdown; its drawing stands beside it as `ID.svg`."""
    from schemas.intended_use import SHORT

    template = environment().get_template("test.md.j2")
    return template.render(
        p=protocol,
        short_use=SHORT,
        how=lambda name: _how(protocol, name),
        gates=list(_gates(protocol)),
        figures=list(_figures(protocol)),
    )


def _how(protocol: Protocol, name: str) -> str:
    how = protocol.formulae.how.get(name, "plateau")
    said = {"plateau": "", "range": ", its range", "reversal": ", how far it came back"}
    return said[how]


def _gates(protocol: Protocol) -> Iterator[tuple[str, float, float]]:
    rate = 3.0 if protocol.condition == "passive" else 5.0
    usual = Gates(plateau_rate_deg_s=rate)
    for field in fields(Gates):
        here = getattr(protocol.gates, field.name)
        if here != getattr(usual, field.name):
            yield field.name, here, getattr(usual, field.name)


def _figures(protocol: Protocol) -> Iterator[Row]:
    for figure in (*protocol.references, *protocol.cutoffs):
        yield _row(figure)
    scoring = protocol.scoring
    if scoring is None:
        return
    if scoring.control is not None:
        yield _control(protocol)
    for sem in scoring.sems:
        figure = Figure(of=sem.of, source=sem.source, tag=sem.tag, unit=sem.unit, mean=sem.value)
        yield _row(figure, "standard error of measurement where the site has none of its own")
    for target in scoring.targets:
        figure = Figure(of="tot", source=target.source, tag=target.tag, mean=target.deg)
        yield _row(figure, f"needed for {target.activity}")


def _control(protocol: Protocol) -> Row:
    control = protocol.scoring.control if protocol.scoring else None
    assert control is not None
    if control.of == "share":
        figure = Figure(
            of="share",
            source=control.source,
            tag=control.tag,
            sd_tag=control.sd_tag,
            unit="pct",
            mean=control.mean,
            sd=control.sd,
        )
        return _row(figure, "usual compensation, for the control score")
    limits = f"up to {control.raised_deg:g} typical, above {control.high_deg:g} high"
    figure = Figure(of="comp", source=control.source, tag=control.tag)
    return Row("comp", limits, "compensation in degrees", control.source, confidence_of(figure))


def _row(figure: Figure, meaning: str = "") -> Row:
    of = f"{words(figure.of)}, between sides" if figure.between_sides else words(figure.of)
    said = "; ".join(text for text in (figure.group, figure.meaning, meaning) if text)
    return Row(of, figure_text(figure), said, figure.source, confidence_of(figure))


def index_page(protocols: Sequence[Protocol]) -> str:
    """Return the page that leads to the pages of several tests, by what they are about."""
    lines = [
        "# The tests",
        "",
        "One page a test, made from its file by `hipgonio protocols page --out docs/tests`.",
        "",
        "| Test | What | About | Position | Sensors |",
        "|---|---|---|---|---|",
    ]
    for p in protocols:
        sensors = ", ".join(words(role) for role in p.required)
        place = f"{words(p.position)}, {p.condition}"
        lines.append(f"| [`{p.id}`]({p.id}.md) | {p.title} | {p.target} | {place} | {sensors} |")
    return "\n".join(lines) + "\n"
