using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CsCheck;
using Workbench.Core.Tests.Data;
using Workbench.LanguageModels;

namespace Workbench.Core.Tests.LanguageModels;

/// <summary>Against Python's unicodedata.</summary>
public sealed class CanonicalCompositionTests
{
    private const string Python = "/usr/bin/python3";

    // Marks of several classes, characters that come apart, jamo, and any others.
    private static readonly Gen<string> AnyText = Gen.OneOf(
            Gen.Int[0x20, 0x17F], Gen.Int[0x300, 0x36F], Gen.Int[0x591, 0x5F4], Gen.Int[0x900, 0xDFF], Gen.Int[0x1100, 0x11FF], Gen.Int[0x1E00, 0x1FFF],
            Gen.Int[0xAC00, 0xAC40], Gen.Int[0x2100, 0x2140], Gen.Int[0xF900, 0xFB4F], Gen.Int[0x11080, 0x114C0], Gen.Int[0x1D150, 0x1D1C0], Gen.Int[0x2F800, 0x2FA20])
        .Select(point => new Rune(point).ToString()).List[0, 12].Select(runes => string.Concat(runes));

    [Fact]
    public void Compose_AnyText_IsPythonsNfc()
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed.");
        var texts = new List<string> { "", "plain", "e\u0301", "\u212B", "\u1100\u1161\u11A8", "a\u0315\u0300\u05AE\u0300b", "\u0958", "\u0344" };
        AnyText.Sample(text => texts.Add(text), iter: 4000, threads: 1);
        const string Script = "import json,sys,unicodedata; print(json.dumps([unicodedata.normalize('NFC', t) for t in json.load(sys.stdin)]))";
        var expected = JsonSerializer.Deserialize<string[]>(Run(["-c", Script], JsonSerializer.Serialize(texts)))!;
        for (int i = 0; i < texts.Count; i++)
            Assert.Equal(expected[i], CanonicalComposition.Compose(texts[i]));
    }

    [Fact]
    public void Table_WrittenAnew_IsTheOneInTheRepository()
    {
        Assert.SkipUnless(File.Exists(Python), $"{Python} is not installed.");
        string script = Path.Combine(SampleFolder.Root, "tests", "Workbench.Core.Tests", "LanguageModels", "canonical_table.py");
        string table = File.ReadAllText(Path.Combine(SampleFolder.Root, "src", "Workbench.Core", "LanguageModels", "canonical.txt"));
        string written = Run([script], "");
        Assert.SkipUnless(FirstLine(written) == FirstLine(table), $"This Python has another version of Unicode: {FirstLine(written)}");
        Assert.Equal(table, written);
    }

    private static string FirstLine(string text) => text[..text.IndexOf('\n', StringComparison.Ordinal)];

    private static string Run(IReadOnlyList<string> arguments, string input)
    {
        using var process = Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return output;
    }
}
