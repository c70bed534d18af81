"""Questions of many, answered side by side: in processes of their own, each with limits that end the work.

The query engine cannot be told to stop, and a query that is nested deeply enough ends its process.  So no query of a
stranger is parsed or answered in the process that serves: workers read a store on disk, and one that goes over
a limit is killed and replaced.
"""

__all__: list[str] = []
