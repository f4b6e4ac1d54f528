"""The kernel under jupyter-kernel-test, the conformance suite of the Jupyter project."""
import sys
import unittest

import jupyter_kernel_test


class WorkbenchKernel(jupyter_kernel_test.KernelTests):
    kernel_name = "workbench-csharp"
    language_name = "C#"
    file_extension = ".cs"
    code_hello_world = 'Console.WriteLine("hello, world");'
    code_stderr = 'Console.Error.WriteLine("oops");'
    complete_code_samples = ["1 + 1", "var x = 1;", "Console.WriteLine(1);", "#!sql\nSELECT 1"]
    incomplete_code_samples = ["if (true) {", "Console.WriteLine(", "void F()", 'var a = @"abc', "/* open"]
    invalid_code_samples = ["var = = 3; }"]
    completion_samples = [
        {"text": "Console.WriteLi", "matches": {"WriteLine"}},
        {"text": 'var s = "𝒳"; s.Subst', "matches": {"Substring"}},
    ]
    code_execute_result = [{"code": "6 * 7", "result": "42"}, {"code": "#!sql\nSELECT 6 AS a", "result": "a\n6\n1 row × 1 column"}]
    code_display_data = [{"code": 'display(HTML("<b>x</b>"));', "mime": "text/html"}]
    code_generate_error = 'throw new InvalidOperationException("boom");'
    code_inspect_sample = "Console.WriteLine"
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6*"
    code_clear_output = "Display.Clear();"


if __name__ == "__main__":
    unittest.main(argv=["kernel_suite", "-v"], exit=True)
