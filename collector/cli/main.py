"""The command `hipgonio`: verbs put together, errors turned into one sentence and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence

import typer

from collector.cli import output
from collector.cli.pdf_option import with_pdf
from collector.cli.scenario import stray_scenario, with_scenario
from schemas.errors import HipgonioError, UsageError
from schemas.intended_use import SHORT

INTERRUPTED = output.InterruptedRunError.exit_code

app = typer.Typer(
    name="hipgonio",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=f"Hip motion told apart from what the pelvis and the low back lend. {SHORT}",
)


def _mount() -> None:
    """Hang every verb under the root, in the order in which a newcomer meets them."""
    from collector.cli import (
        bench,
        db,
        demo,
        devices,
        doctor,
        imports,
        measure,
        norms,
        people,
        protocol_pages,
        protocols,
        record,
        reliability,
        replay,
        report,
        scan,
        serve,
        trials,
    )

    app.command("demo")(demo.demo)
    app.command("scan")(scan.scan)
    app.add_typer(devices.app, name="devices")
    app.command("serve")(serve.serve)
    app.command("measure")(measure.measure)
    app.command("record")(record.record)
    app.add_typer(trials.app, name="trials")
    app.add_typer(people.subjects, name="subjects")
    app.add_typer(people.sessions, name="sessions")
    protocols.app.command("page")(protocol_pages.page)
    app.add_typer(protocols.app, name="protocols")
    app.add_typer(norms.app, name="norms")
    app.command("reliability")(reliability.reliability)
    app.command("report")(report.report)
    app.command("import")(imports.import_)
    app.command("replay")(replay.replay)
    app.add_typer(db.app, name="db")
    app.command("doctor")(doctor.doctor)
    app.command("bench")(bench.bench)


_mount()


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"hipgonio {version('hipgonio')}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(
        False, "--version", is_eager=True, callback=_print_version, help="Print the version."
    ),
) -> None:
    """Give the options that stand before any verb a place."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code (design: 0, 1, 2, 3, 4, 5, 6, 7, 130)."""
    words = with_pdf(with_scenario(sys.argv[1:] if arguments is None else arguments))
    try:
        return _run(words)
    except HipgonioError as error:
        return _fail(words, error)
    except typer.TyperException as error:
        return _fail(words, stray_scenario(words) or _usage(error))
    except (KeyboardInterrupt, typer.Abort):
        return _fail(words, output.InterruptedRunError())
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the rim: a defect must not show a user a traceback unasked
        if os.environ.get("HIPGONIO_DEBUG"):
            traceback.print_exc()
        what = f"{type(error).__name__}: {error}".splitlines()[0]
        return _fail(words, HipgonioError(f"A defect of ours, not yours ({what}). {_PLEASE}"))


_PLEASE = "Run the same command with HIPGONIO_DEBUG=1 and report what it prints."


def _usage(error: typer.TyperException) -> UsageError:
    message = error.format_message().replace("Value error, ", "").rstrip(".") or "A verb is missing"
    return UsageError(f"{message}. `hipgonio --help` lists what there is.", reason="usage")


def _run(words: list[str]) -> int:
    try:
        result = app(words, standalone_mode=False, prog_name="hipgonio")
    except output.ToldError as end:
        return end.code
    if result == INTERRUPTED:  # typer catches the interrupt itself and returns its code
        raise KeyboardInterrupt
    sys.stdout.flush()
    return result if isinstance(result, int) else 0


def _fail(words: Sequence[str], error: HipgonioError) -> int:
    if "--json" in words:
        body = {"code": error.exit_code, "reason": error.reason, "message": error.message}
        output.print_json({"error": body})
    else:
        output.say(
            error.message if error.exit_code == INTERRUPTED else f"hipgonio: {error.message}"
        )
    return error.exit_code
