using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Workbench.Data;
using Workbench.Training.Tuning;

namespace Workbench.Core.Tests.Training.Tuning;

/// <summary>
/// This executable as a process that works on a study: it is one when the variable names a folder. Each trial that it is given is
/// a line (number, attempt, parameters) of the file <c>asked-</c> and its process id.
/// </summary>
internal static class TuningProcess
{
    public const string FolderVariable = "WORKBENCH_TEST_TUNE_IN";
    public const int Trials = 30;

    public static StudyOptions Options => new() { Name = "shared", Space = Objectives.BraninSpace, StaleAfter = TimeSpan.FromSeconds(3) };

    [ModuleInitializer]
    public static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is not { Length: > 0 } folder)
            return;
        Work(new DataFolder(folder) { SharedDatabase = DatabaseAddress.FromEnvironment() });
        Environment.Exit(0);
    }

    // On this one thread: no other may run code of a module whose initializer has not ended, so that Study.RunAsync cannot call back.
    private static void Work(DataFolder folder)
    {
        using var asked = new FileStream(Path.Combine(folder.Path, $"asked-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        var study = Study.OpenAsync(folder, Options).GetAwaiter().GetResult();
        do
        {
            while (study.AskAsync(Trials).GetAwaiter().GetResult() is { } trial)
            {
                asked.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{trial.Number}\t{trial.Attempt}\t{trial.Parameters.ToJsonString()}\n")));
                Thread.Sleep(TimeSpan.FromMilliseconds(40));
                trial.CompleteAsync(Objectives.Branin([trial.GetDouble("x"), trial.GetDouble("y")])).GetAwaiter().GetResult();
                trial.DisposeAsync().AsTask().GetAwaiter().GetResult();
            }
            Thread.Sleep(TimeSpan.FromMilliseconds(50));
        }
        while (study.IsAnyRunningAsync(default).GetAwaiter().GetResult());
    }
}
