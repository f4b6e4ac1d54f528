using System.Diagnostics;
using Workbench.Features;
using Workbench.Serving.Export;
using Workbench.Training;

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

    // Files for opset 13 and 17 are what the checker knows; one for 20 differs from them only where the younger operator is shorter.
    private const string FolderScript = """
        import sys, glob
        try:
            import onnx
        except ImportError:
            print("python3-onnx is not installed"); sys.exit(77)
        known, failed, checked = onnx.defs.onnx_opset_version(), 0, 0
        for path in sorted(glob.glob(sys.argv[1] + "/*.onnx")):
            model = onnx.load(path)
            if max(o.version for o in model.opset_import if o.domain == "") > known:
                continue
            try:
                onnx.checker.check_model(path, full_check=True)
                onnx.shape_inference.infer_shapes(model, check_type=True, strict_mode=True, data_prop=True)
                checked += 1
            except Exception as error:
                failed += 1; print(path, str(error)[:2000])
        print("checked", checked, "failed", failed)
        sys.exit(1 if failed else 0)
        """;

    [Fact]
    public async Task CheckModel_EachKindOfModuleAndConversion_FindsNothing()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not there");
        string folder = Directory.CreateTempSubdirectory("workbench-checker-").FullName;
        try
        {
            int files = 0;
            foreach (var (architecture, task) in Enum.GetValues<TabularArchitecture>().SelectMany(one => Enum.GetValues<PredictionTask>().Select(task => (one, task))))
            {
                using var trained = TaskModels.Train(architecture, task);
                foreach (int opset in new[] { 13, 17 })
                    Assert.Equal(opset, OnnxExporter.Export(trained, Path.Combine(folder, $"{architecture}-{task}-{opset}.onnx"), opset: opset).Opset);
                files += 2;
            }
            foreach (int opset in new[] { 13, 17 })
                foreach (var (kind, make) in ModuleKinds.All)
                {
                    var one = make(new Random(opset));
                    using var module = one.Module;
                    if (opset < one.MinOpset)
                        continue;
                    OnnxExporter.Export(module, one.Inputs, Path.Combine(folder, $"{kind.Replace(' ', '_')}-{opset}.onnx"), new() { Opset = opset, Sizes = one.Sizes, ExternalData = opset == 17 });
                    files++;
                }
            foreach (var precision in Enum.GetValues<OnnxPrecision>())
                foreach (string kind in new[] { "Linear_of_sequences", "TransformerEncoder", "Embedding", "LSTM", "Conv2d" })
                    if (precision == OnnxPrecision.Float16 || kind is not ("LSTM" or "Conv2d" or "Embedding"))
                    {
                        string source = Path.Combine(folder, $"{kind}-17.onnx");
                        OnnxConverter.Convert(source, Path.ChangeExtension(source, $"{precision}.onnx"), precision, new() { MinAgreement = 0 });
                        files++;
                    }
            var (exitCode, output) = await RunAsync(Python, ["-c", FolderScript, folder]);
            Assert.SkipWhen(exitCode == 77, output);
            Assert.True(exitCode == 0, output);
            Assert.Contains($"checked {files} failed 0", output);
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
