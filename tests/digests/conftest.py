"""The company whose people get digests and alerts, and a server of mail that takes them."""

import pytest

from dashboard.digests import sending
from data_access.engine import DATABASE_VARIABLE, engine
from tests.digests.company import ADDRESS, make
from tests.digests.servers import PASSWORD, USER, certificate, mailing
from tests.ui_fixtures import copied


@pytest.fixture(scope="module")
def company_url(sqlite_template, tmp_path_factory) -> str:
    """The URL of the company, loaded once and never written to again."""
    folder = tmp_path_factory.mktemp("company")
    url = copied(f"sqlite:///{sqlite_template}", folder)
    make(made := engine(url), folder)
    made.dispose()
    return url


@pytest.fixture
def company(company_url, tmp_path, monkeypatch):
    url = copied(company_url, tmp_path)
    monkeypatch.setenv(sending.ADDRESS, ADDRESS)
    monkeypatch.setenv(DATABASE_VARIABLE, url)
    yield (database := engine(url))
    database.dispose()


@pytest.fixture
def box(tmp_path, monkeypatch):
    files = certificate(tmp_path)
    with mailing(files) as box:
        monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
        monkeypatch.setenv("DASHBOARD_SMTP_URL", f"smtp://{USER}@127.0.0.1:{box.port}")
        monkeypatch.setenv("DASHBOARD_SMTP_PASSWORD", PASSWORD)
        monkeypatch.setenv("DASHBOARD_MAIL_FROM", "Cockpit <cockpit@example.com>")
        yield box
