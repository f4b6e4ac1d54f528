using System.Diagnostics;

namespace Workbench.Serving.Tests.Export;

/// <summary>ONNX's own checker and shape inference (Debian package python3-onnx) read an exported file.</summary>
public sealed class OnnxCheckerTests
{
    // A checker older than the file's opset checks a copy labelled with its own newest one; the operators used here
    // (LayerNormalization since 17, all others older) mean the same from opset 17 on.
    private const string Script = """
        import sys
        try:
            import onnx
        except ImportError:
            print("python3-onnx is not installed"); sys.exit(77)
        model = onnx.load(sys.argv[1])
        known = onnx.defs.onnx_opset_version()
        if known < 17:
            print("onnx", onnx.__version__, "knows opset", known, "and not 17"); sys.exit(77)
        for opset in model.opset_import:
            if opset.domain == "": opset.version = min(opset.version, known)
        model.ir_version = min(model.ir_version, onnx.IR_VERSION)
        onnx.checker.check_model(model, full_check=True)
        inferred = onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
        print("checked as opset", model.opset_import[0].version, [i.name for i in model.graph.input], [o.name for o in inferred.graph.output])
        """;

    [Fact]
    public async Task CheckModel_ExportedFile_FindsNothing()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not there");
        string folder = Directory.CreateTempSubdirectory("workbench-checker-").FullName;
        try
        {
            string file = Path.Combine(folder, "model.onnx");
            await File.WriteAllBytesAsync(file, ChurnModels.FirstFile, TestContext.Current.CancellationToken);
            var (exitCode, output) = await RunAsync(Python, ["-c", Script, file]);
            Assert.SkipWhen(exitCode == 77, output);
            TestContext.Current.TestOutputHelper?.WriteLine(output);
            Assert.True(exitCode == 0, output);
            Assert.Contains("['usage', 'price', 'plan', 'region'] ['probability', 'label']", output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;   // never null without shell execution
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, output + await errors);
    }
}
