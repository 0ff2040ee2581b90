"""JupyterLab for planners: Chinese menus, no news, nothing fetched from outside."""

from pathlib import Path

c = get_config()  # noqa: F821

ROOT = Path(__file__).resolve().parents[2]
c.ServerApp.root_dir = str(ROOT)
c.LabApp.default_url = "/lab/tree/notebooks/annual_plan.ipynb"
c.LabApp.app_settings_dir = str(Path(__file__).resolve().parent)
c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
c.KernelManager.transport_encryption = "auto"
