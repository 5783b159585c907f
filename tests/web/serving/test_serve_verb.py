"""`hipgonio serve` as a user runs it: good lines, bad lines, ended in mid-trial, under attack."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from contextlib import ExitStack

import pytest
from serve_kit import begun, served

from collector.cli.main import main
from collector.cli.serve import has_window
from collector.store import open_store

VIRTUAL = ("--virtual", "--speed", "8")


@pytest.fixture
def db(tmp_path):
    return tmp_path / "trials.db"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--host", "0.0.0.0"], "without encryption: use --share"),
        (["--host", "192.168.7.7"], "without encryption: use --share"),
        (["--host", "example.org"], "takes an IP address of this computer"),
        (["--tls-cert", "cert.pem"], "--tls-cert needs --tls-key too"),
        (["--tls-cert", "no.pem", "--tls-key", "no.key"], "no.pem"),
        (["--virtual", "nosuch"], "nosuch"),
        (["--virtual", "--replay", "a.jsonl"], "leave one of them out"),
        (["--speed", "2"], "real ones keep their own time"),
    ],
)
def test_a_line_that_cannot_be_served_is_refused_in_a_sentence(db, capsys, words, said):
    assert main(["serve", "--no-browser", "--db", str(db), *words]) == 2
    assert said in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(db, capsys):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert main(["serve", "--no-browser", "--db", str(db), "--port", port]) == 2
    assert f"Port {port} is in use" in capsys.readouterr().err


def test_a_trace_that_is_not_there_is_bad_input(db, capsys):
    words = ["serve", "--no-browser", "--db", str(db), "--replay", "nosuch.jsonl"]
    assert main(words) == 6
    assert "nosuch.jsonl" in capsys.readouterr().err


def test_ctrl_c_in_mid_trial_closes_the_screen_and_keeps_the_trial(db):
    with served(db, *VIRTUAL, err=subprocess.PIPE) as screen:
        begun(screen).until("move", counted=1)
        screen.process.send_signal(signal.SIGINT)
        said = screen.process.communicate()[1]
    assert screen.process.returncode == 0
    assert "All that was recorded is kept." in said
    with open_store(db) as store:
        (row,) = store.list_trials()
        assert row.state == "interrupted"
        assert len(store.latest_result(row.id).repetitions) >= 1


def test_a_server_that_is_killed_in_mid_trial_loses_a_second_at_most(db):
    with served(db, "--virtual", "--speed", "2") as screen:
        seen = begun(screen).until("move")
        screen.process.kill()
        screen.process.wait()
    with served(db, "--virtual", err=subprocess.PIPE) as screen:
        (visit,) = screen.client.get("/api/subjects/S-0001").json()["visits"]
        assert visit["trials"][0]["state"] == "salvaged"
    with open_store(db) as store:
        kept = store.load_recording(seen["trial"]).chunks
    assert all(chunk.t_us[-1] / 1e6 >= seen["elapsed_s"] - 1.0 for chunk in kept)


def test_a_thousand_half_open_connections_keep_neither_page_nor_recording(db):
    with served(db, *VIRTUAL) as screen, ExitStack() as stack:
        begun(screen, repetitions=1).until("move")
        address = screen.client.base_url.host, screen.client.base_url.port
        slowest_s = 0.0
        for n in range(1000):
            half = socket.create_connection(address)
            half.send(b"GET / HTTP/1.1\r\n")
            if n < 900:
                stack.callback(half.close)
            else:
                half.close()
            if n % 100 == 0:
                begun_s = time.perf_counter()
                screen.client.get("/api/trial").raise_for_status()
                slowest_s = max(slowest_s, time.perf_counter() - begun_s)
        assert slowest_s < 2.0
        assert screen.until("asking")["counted"] >= 1
        screen.post("trial/answers").raise_for_status()
        trial = screen.until("done")["result"]
    with open_store(db) as store:
        certificate = store.latest_result(trial).certificate
    assert all(sensor.lost == 0 for sensor in certificate.sensors.values())


def test_a_token_lets_one_browser_in(db):
    with served(db, "--virtual") as screen:
        again = screen.client.get(screen.said["address"], headers={"Cookie": ""})
        assert again.status_code in (303, 403)
        screen.client.cookies.clear()
        assert screen.client.get(screen.said["address"]).status_code == 403
        assert screen.client.get("/api/status").status_code == 401


@pytest.mark.parametrize(
    ("system", "display", "opens"),
    [("linux", "", False), ("linux", ":0", True), ("darwin", "", True), ("win32", "", True)],
)
def test_no_browser_takes_over_a_terminal_without_windows(monkeypatch, system, display, opens):
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setenv("DISPLAY", display)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert has_window() == opens
