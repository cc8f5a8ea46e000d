"""JupyterHub on one server: the same exchange for learners and instructors."""

c = get_config()  # noqa: F821 - JupyterHub runs this file with it

c.Spawner.environment = {"NBGRADER_EXCHANGE": "/srv/nbgrader/exchange"}
