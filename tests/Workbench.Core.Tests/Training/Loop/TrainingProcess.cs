using System.Runtime.CompilerServices;
using Workbench.Training;

namespace Workbench.Core.Tests.Training.Loop;

/// <summary>This executable as a process that only trains, when the variable names a folder for its checkpoints. Weights go to the file <c>weights</c> there at the end.</summary>
internal static class TrainingProcess
{
    public const string FolderVariable = "WORKBENCH_TEST_TRAIN_TO";

    [ModuleInitializer]
    public static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
            return;
        File.WriteAllText(Path.Combine(folder, "weights"), Convert.ToHexString(Train(folder)));
        Environment.Exit(0);
    }

    /// <summary>Two thousand steps with dropout, a checkpoint every ten; the bytes of the weights.</summary>
    public static byte[] Train(string? folder)
    {
        using var network = SmallProblem.Network(1, dropout: 0.2);
        var (inputs, targets) = SmallProblem.Rows(512, 2);
        var (validationInputs, validationTargets) = SmallProblem.Rows(128, 3);
        new TrainingLoop(network, SmallProblem.Loss(network), new()
        {
            MaxEpochs = 60, ClipNorm = 1, Schedule = LearningRateSchedule.Cosine(20), Threads = 1, Optimizer = new() { LearningRate = 0.01 },
            Checkpoints = folder is null ? null : new() { Folder = Path.Combine(folder, "checkpoints"), EverySteps = 10 },
        }).Run(new TensorBatches([inputs, targets], 16), new TensorBatches([validationInputs, validationTargets], 128));
        return SmallProblem.Weights(network).SelectMany(BitConverter.GetBytes).ToArray();
    }
}
