"""`python -m qor`: the command line."""

import sys

try:
    from qor.interfaces.cli.main import main

    code = main()
except KeyboardInterrupt:  # while the program itself was being read
    code = 130
sys.exit(code)
