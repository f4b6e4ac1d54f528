using Workbench.Features;
using Workbench.Training;

namespace Workbench.Serving.Tests;

/// <summary>Small trained models of every architecture and task on <see cref="ChurnModels"/>' columns.</summary>
internal static class TaskModels
{
    public static readonly string[] Classes = ["low", "it's \"middling\"", "hoch ü"];

    /// <summary>Every architecture with every task.</summary>
    public static TheoryData<TabularArchitecture, PredictionTask> All()
    {
        var all = new TheoryData<TabularArchitecture, PredictionTask>();
        foreach (var architecture in Enum.GetValues<TabularArchitecture>())
            foreach (var task in Enum.GetValues<PredictionTask>())
                all.Add(architecture, task);
        return all;
    }

    /// <summary>Rows whose labels follow the usage: above 50, by thirds, or 2000 and three times the usage.</summary>
    public static TabularData Rows(PredictionTask task, int rows, int seed)
    {
        var data = ChurnModels.Rows(rows, seed);
        var schema = data.Schema with { Task = task, Classes = task == PredictionTask.Multiclass ? Classes : [] };
        float Usage(int row) => data.Numeric[row * 2] is var usage && float.IsNaN(usage) ? 50 : usage;
        return data with
        {
            Schema = schema,
            Labels = [.. Enumerable.Range(0, rows).Select(row => task switch
            {
                PredictionTask.Binary => Usage(row) > 50 ? 1f : 0f,
                PredictionTask.Multiclass => Math.Min(2, (int)(Usage(row) / 33.4f)),
                _ => 2_000 + 3 * Usage(row),
            })],
        };
    }

    public static TrainedTabularModel Train(TabularArchitecture architecture, PredictionTask task)
    {
        LightGbmLibrary.SkipWhereAbsent(architecture);
        return TabularTrainer.Fit(Rows(task, 400, 1), Rows(task, 100, 2), new()
        {
            Architecture = architecture, MaxEpochs = 3, LearningRate = 0.01, Width = 16, Heads = 2, HiddenSizes = [16, 8], Trees = new() { Rounds = 30, Leaves = 8, LearningRate = 0.2 },
            Preprocessing = new() { MissingIndicators = true, MissingNumbers = MissingNumbers.Median, MinimumCategoryRows = 95 },
        });
    }
}
