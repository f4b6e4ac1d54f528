using System.Diagnostics;
using System.Text.Json;
using Workbench.Core.Tests.Data;
using Workbench.Core.Tests.Registry;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.LanguageModels;

/// <summary>Random checkpoints and their logits, written by reference_models.py, once for all tests of a class.</summary>
public sealed class ReferenceModels : IDisposable
{
    private const string Python = "/usr/bin/python3";   // Debian's, which has numpy
    private static readonly string Script = Path.Combine(SampleFolder.Root, "tests", "Workbench.Core.Tests", "LanguageModels", "reference_models.py");
    private readonly TemporaryFolder _folder = new();

    public ReferenceModels()
    {
        TorchRuntime.EnsureAvailable();
        IsThere = File.Exists(Python) && Run(["-c", "import numpy"]).ExitCode == 0;
        if (IsThere && Run([Script, "write", Root]) is { ExitCode: not 0 } failed)
            throw new InvalidOperationException(failed.Output);
    }

    /// <summary>The cases of the script, by name.</summary>
    public static TheoryData<string> Names { get; } =
        ["gpt2", "gpt2-odd", "gpt2-unscaled", "llama3", "llama-wide-heads", "llama-dynamic", "llama-v5", "qwen2", "qwen2-bf16", "qwen2-window", "mistral-window", "mistral"];

    public bool IsThere { get; }

    private string Root => Path.Combine(_folder.Path, "models");

    public string Folder(string name)
    {
        Assert.SkipUnless(IsThere, "python3-numpy is not installed; apt-get install python3-numpy.");
        return Path.Combine(Root, name);
    }

    /// <summary>[B, T] token ids.</summary>
    public Tensor Tokens(string name)
    {
        var rows = JsonSerializer.Deserialize<long[][]>(File.ReadAllText(Path.Combine(Folder(name), "tokens.json")))!;
        return tensor(rows.SelectMany(row => row).ToArray(), [rows.Length, rows[0].Length]);
    }

    /// <summary>[B, T, V] as numpy computed them in float64.</summary>
    public Tensor Logits(string name) => Logits(JsonSerializer.Deserialize<double[][][]>(File.ReadAllText(Path.Combine(Folder(name), "logits.json")))!);

    /// <summary>What the script computes from folders that Workbench wrote.</summary>
    public static Dictionary<string, Tensor> LogitsByPython(string root)
    {
        var (exitCode, output) = Run([Script, "read", root]);
        Assert.True(exitCode == 0, output);
        return JsonSerializer.Deserialize<Dictionary<string, double[][][]>>(output)!.ToDictionary(pair => pair.Key, pair => Logits(pair.Value));
    }

    /// <summary>Largest difference of two tensors.</summary>
    public static double Difference(Tensor a, Tensor b) =>
        (a.to_type(ScalarType.Float64) - b.to_type(ScalarType.Float64)).abs().max().item<double>();

    public void Dispose() => _folder.Dispose();

    private static Tensor Logits(double[][][] values) =>
        tensor(values.SelectMany(row => row.SelectMany(place => place)).ToArray(), [values.Length, values[0].Length, values[0][0].Length]);

    private static (int ExitCode, string Output) Run(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(Python, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : errors.GetAwaiter().GetResult());
    }
}
