"""Executes a notebook with nbclient, as nbconvert and papermill do."""
import sys

import nbclient
import nbformat

notebook = nbformat.read(sys.argv[1], as_version=4)
nbclient.NotebookClient(notebook, timeout=120, kernel_name="workbench-csharp").execute()
nbformat.validate(notebook)
nbformat.write(notebook, sys.argv[2])
