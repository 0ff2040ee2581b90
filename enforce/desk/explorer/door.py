"""The door (入口): the page of what-ifs served to this computer alone, to whoever has its token.

Voila serves it, by its own settings and those of jupyter-server: a token as JupyterLab has one, the name by which the
browser asked for the page checked, kernels given back whose page is gone.
"""

from __future__ import annotations

import os
import webbrowser
from collections.abc import Callable
from pathlib import Path
from tempfile import mkstemp
from threading import Thread

import click
from tornado.ioloop import IOLoop
from traitlets import Bool
from traitlets.config import Config
from voila.app import Voila

from enforce.desk.run.batch import ROOT, relative
from enforce.desk.run.notebook import caches
from enforce.papers.report.pages import PARAMETERS, parameters_text

NOTEBOOK = ROOT / "notebooks" / "scenario_explorer.ipynb"
#: Seconds after which a kernel that no page is connected to is given back, and between two looks for such.
IDLE, LOOK = 120, 15


class Door(Voila):
    """Voila that says in Chinese where its page is, and hands the token to the browser it opens."""

    show = Bool(True)

    def start(self) -> None:
        """Serve until stopped."""
        IOLoop.current().add_callback(self._opened)
        super().start()

    def _opened(self) -> None:
        address = f"{self.connection_url}?token={self.identity_provider.token}"
        click.echo(f"情景推演：{address}\n只有本机、带着这个地址里的口令才能打开。按 Ctrl+C 停止。")
        if self.show:
            Thread(target=webbrowser.open, args=(self._redirect(address),), daemon=True).start()

    def _redirect(self, address: str) -> str:
        """Return the address of a file that leads to the page: everybody can read a command line, not this file."""
        handle, name = mkstemp(suffix=".html", dir=self.connection_dir)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(f'<!DOCTYPE html><meta http-equiv="refresh" content="0; url={address}">')
        return Path(name).as_uri()


def serve(plan: Path | None = None, scenario: str = "", port: int | None = None, *, browser: bool = True) -> None:
    """Serve the page until stopped, opened on a plan (else the notebook's own) and one of its scenarios."""
    os.environ["JUPYTER_PATH"] = str(ROOT / "tools" / "share")  # where Voila looks for the template
    config = Config()
    config.Voila.ip = "127.0.0.1"
    config.Voila.auto_token = True
    config.Voila.log_level = "ERROR"
    config.Voila.open_browser = False
    config.Voila.tornado_settings = {"allow_remote_access": False}
    config.VoilaConfiguration.template = "explore"
    config.VoilaConfiguration.file_denylist = [".*"]
    config.VoilaConfiguration.prelaunch_hook = _opened_on(plan, scenario)
    config.MappingKernelManager.cull_idle_timeout = IDLE
    config.MappingKernelManager.cull_interval = LOOK
    config.KernelManager.transport_encryption = "auto"
    if port is not None:
        config.Voila.port, config.Voila.port_retries = port, 0
    with caches():
        Door.launch_instance([str(NOTEBOOK)], config=config, show=browser)


def _opened_on(plan: Path | None, scenario: str) -> Callable:
    """Return what puts a plan and a scenario into the notebook's cell of parameters before it runs."""
    values = {"scenario": scenario} | ({"plan": relative(plan.resolve(), NOTEBOOK.parent)} if plan else {})

    def hook(_request: object, notebook: object, cwd: str) -> None:
        for cell in notebook.cells:
            if PARAMETERS in cell.metadata.get("tags", []):
                cell.source += f"\n{parameters_text(values)}"

    return hook
