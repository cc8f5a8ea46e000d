"""nbgrader for learners on a cluster, where no folder is shared: ngshare carries the work."""

from ngshare_exchange import configureExchange

c = get_config()  # noqa: F821 - nbgrader runs this file with it

configureExchange(c)
c.CourseDirectory.course_id = "*"  # every course that the learner is in
