"""What every page shows while nothing has been imported: the two ways to begin, there and then."""

from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st
from streamlit.config import get_option

from dashboard import database
from dashboard.frame import parts
from dashboard.server import commands
from dashboard.words import language, literal
from dashboard.words.language import _


def draw() -> None:
    """The demo organisation, or one's own files in the contract's form; and the commands that do the same."""
    parts.headline(_("No data yet"))
    parts.say(_("This page shows your deals as soon as there are some. Begin with one of these."))
    left, right = st.columns(2)
    with left, st.container(border=True, height="stretch"):
        parts.heading(_("Look around with a demo organisation"))
        parts.note(_("Three invented years: regions, reps, accounts, deals with their histories, targets."))
        if st.button(_("Load the demo organisation"), key="load_demo", type="primary"):
            _do(_("Making the demo organisation: half a minute …"), "demo", "--language", _spoken())
        st.code("python -m dashboard demo", language="bash")
    with right, st.container(border=True, height="stretch"):
        parts.heading(_("Your own data"))
        parts.note(
            _(
                "Exports of HubSpot, Pipedrive, Salesforce, Zoho, Dynamics; or files in our form. "
                "Nothing leaves this machine."
            )
        )
        files = st.file_uploader(
            _("Files (CSV or XLSX)"), type=["csv", "xlsx"], accept_multiple_files=True, key="own_files"
        )
        most = get_option("server.maxUploadSize")
        parts.looks(_speaking(_("Choose files"), _("{n} MB each at most").format(n=most)))
        if st.button(_("Import"), key="import_own", disabled=not files):
            with TemporaryDirectory() as folder:
                for file in files:
                    (Path(folder) / Path(file.name).name).write_bytes(file.getvalue())
                _do(_("Reading, checking and loading …"), "import", folder, "--max-bad", "0")
        st.code("python -m dashboard import FOLDER", language="bash")
        parts.note(_("An export in another form comes in by the command, with --mapping."))


def _speaking(button: str, limit: str) -> str:
    """The words of the field for files in the page's language: Streamlit 1.67 has them in English alone."""
    words = {"button p": button, '[data-testid="stFileUploaderDropzoneInstructions"] span': limit}
    return "".join(
        f'{part} {{font-size: 0}} {part}::after {{content: "{text}"; font-size: .9rem}}'
        for part, text in ((f".st-key-own_files {part}", text) for part, text in words.items())
    )


def _do(waiting: str, *command: str) -> None:
    """Runs the command; then the pages begin, or its reason stands here and nothing was loaded."""
    try:
        with st.spinner(literal.markdown(waiting)):
            commands.run(*command)
    except commands.Refused as refused:
        parts.problem(str(refused))
        return
    database.ask_again()
    st.rerun()


def _spoken() -> str:
    return "zh" if language.current().startswith("zh") else "en"
