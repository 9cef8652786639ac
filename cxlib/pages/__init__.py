"""How a run looks: an executed notebook as one HTML file, the index page, what the door says.

The pages need no network, and say so in their Content-Security-Policy. All texts from data,
parameters and errors are escaped.
"""

from cxlib.pages.index import index
from cxlib.pages.inputs import inputs
from cxlib.pages.report import report, title

__all__ = ["index", "inputs", "report", "title"]
