"""Several workers behind the proxy: who begins with one stays with it, and gets the page again where it dies."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from dashboard.__main__ import cli
from dashboard.server import workers
from data_access.engine import DATABASE_VARIABLE
from tests.browser_fixtures import PATIENCE, ROOT, Talk, answered, needs_chromium, opened
from tests.server.test_long_work import is_alive
from tests.ui_fixtures import copied

ADDRESS = "opportunities?region=east&tab=stop"
UPLOAD = """async session => {
    const token = document.cookie.match(/_streamlit_xsrf=([^;]+)/)[1], form = new FormData();
    form.append("file", new Blob(["a,b"]), "some.csv");
    const how = {method: "PUT", body: form, headers: {"X-Xsrftoken": token}};
    return (await fetch(`/_stcore/upload_file/${session}/some`, how)).status;
}"""


@contextmanager
def served(url: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """The address of the app served by two workers, and the process that keeps them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["--database", url, "serve", "--workers", "2", "--port", str(port)]
    process = subprocess.Popen([sys.executable, "-m", "dashboard", *command], cwd=ROOT, stdout=subprocess.PIPE)
    said = process.stdout
    assert said is not None
    try:
        assert b"served by 2 workers" in said.readline()
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(PATIENCE / 1000)


def started_by(process: subprocess.Popen) -> list[int]:
    """The ids of its processes: the workers in their order, the proxy, and what was started again."""
    found = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii")
    return sorted(map(int, found.split()))


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, chromium, server: str):
        self.context = chromium.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        self.tab, self.session = self.context.new_page(), ""
        self.tab.set_default_timeout(PATIENCE)
        Talk(self.tab)
        self.tab.on("websocket", lambda line: line.on("framereceived", self._heard))
        opened(self.tab, f"{server}/{ADDRESS}")

    def close(self) -> None:
        self.context.close()

    def _heard(self, frame: bytes) -> None:
        message = ForwardMsg.FromString(frame)
        if message.HasField("new_session"):
            self.session = message.new_session.initialize.session_id

    @property
    def worker(self) -> int:
        return next(int(each["value"]) for each in self.context.cookies() if each["name"] == workers.COOKIE)

    def uploads(self) -> list[int]:
        return [self.tab.evaluate(UPLOAD, self.session) for _ in range(6)]

    def downloaded(self) -> pd.DataFrame:
        with self.tab.expect_download() as download:
            self.tab.locator(".st-key-stop_loss_file button").click()
        return pd.read_excel(BytesIO(download.value.path().read_bytes()), engine="calamine")

    def sees_east(self) -> None:
        expect(self.tab.locator(".st-key-page_head")).to_contain_text("华东 and below")
        expect(self.tab.locator(".js-plotly-plot").first).to_be_visible()


@pytest.mark.long
@needs_chromium
def test_each_stays_with_a_worker_and_goes_on_with_another_where_it_dies(chromium, demo_url, tmp_path):
    with served(copied(demo_url, tmp_path)) as (server, process):
        pids = started_by(process)
        assert len(pids) == 3
        one, two = Person(chromium, server), Person(chromium, server)
        assert {one.worker, two.worker} == {1, 2}
        for person in (one, two):
            person.sees_east()
            assert person.uploads() == [204] * 6
        file = one.downloaded()
        assert len(file) > 0
        former, before, session = one.worker, two.tab.locator("body").inner_text(), two.session
        os.kill(pids[former - 1], signal.SIGKILL)
        answered(one.tab)
        one.sees_east()
        assert one.worker == two.worker and one.uploads() == [204] * 6
        pd.testing.assert_frame_equal(one.downloaded(), file)
        assert two.session == session and two.tab.locator("body").inner_text() == before
        assert two.uploads() == [204] * 6
        until = time.monotonic() + PATIENCE / 1000
        with closing(Person(chromium, server)) as third:
            while third.worker != former:  # which has the fewest connections, once it is there again
                assert time.monotonic() < until
                third.context.clear_cookies()
                opened(third.tab, f"{server}/{ADDRESS}")
        assert len(started_by(process)) == 3
        all_pids = {*pids, *started_by(process)}
        process.send_signal(signal.SIGTERM)  # with two browsers that would stay
        assert process.wait(PATIENCE / 1000) == 0
        assert not any(map(is_alive, all_pids))
        one.close()
        two.close()


def test_without_the_proxy_several_workers_are_refused_and_one_serves(sqlite, monkeypatch):
    monkeypatch.setattr(workers, "ALSO_IN", "")
    runner = CliRunner(env={"PATH": "", DATABASE_VARIABLE: sqlite.url.render_as_string()})
    found = runner.invoke(cli, ["serve", "--workers", "2", "--port", "0"])
    assert found.exit_code == 1
    assert "apt-get install haproxy" in found.output and "Without --workers one process serves" in found.output
