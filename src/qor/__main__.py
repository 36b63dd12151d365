"""`python -m qor`: the command line."""

import sys

from qor.interfaces.cli.main import main

sys.exit(main())
