using Workbench.LanguageModels.FineTuning;

namespace Workbench.Host.Tests;

/// <summary>A language model that is trained in a moment, and the two years of messages beside it, cut short.</summary>
internal static class TinyText
{
    /// <summary>A folder with year-a.txt, year-b.txt and an untrained model in base.</summary>
    public static string NewFolder()
    {
        var folder = Directory.CreateTempSubdirectory("workbench-test-").FullName;
        foreach (var name in new[] { "year-a.txt", "year-b.txt" })
            File.WriteAllLines(Path.Combine(folder, name), File.ReadLines(Path.Combine(Checkout.Root, "data", "samples", "chat", name)).Take(300));
        using var model = FineTuningSession.Fresh("tiny", File.ReadLines(Path.Combine(folder, "year-a.txt")), vocabularySize: 300, seed: 1);
        model.Save(Path.Combine(folder, "base"));
        return folder;
    }

    /// <summary>Teaches the model year A, into the folder learned, and turns the lines of year B around: what is right for them is wrong for year A.</summary>
    public static void LearnYearAAndReverseYearB(string folder)
    {
        using var model = FineTuningSession.Load(Path.Combine(folder, "base"));
        var text = TextCorpus.Read(Path.Combine(folder, "year-a.txt")).Encode(model.Tokenizer);
        model.Run(new() { LearningRate = 5e-3, WarmupSteps = 5, Epochs = 3, Threads = 1 }, text);
        model.Save(Path.Combine(folder, "learned"));
        string yearB = Path.Combine(folder, "year-b.txt");
        File.WriteAllLines(yearB, File.ReadAllLines(yearB).Select(line => new string(line.Reverse().ToArray())));
    }
}
