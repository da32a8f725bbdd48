"""`python -m ntm_workflow` is `ntm`."""

from ntm_workflow.cli import main

main()
