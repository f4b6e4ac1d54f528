using System.Runtime.CompilerServices;
using System.Text;
using Workbench.Data;
using Workbench.Monitoring;

namespace Workbench.Core.Tests.Monitoring;

/// <summary>
/// This executable as a process that only appends predictions, until it is killed: it is one when the variable names a
/// folder. Each id is written to the file <c>acknowledged</c> after its append.
/// </summary>
internal static class AppendingProcess
{
    public const string FolderVariable = "WORKBENCH_TEST_APPEND_TO";

    [ModuleInitializer]
    public static void RunWhenAsked()
    {
        if (Environment.GetEnvironmentVariable(FolderVariable) is { Length: > 0 } folder)
            AppendForever(new DataFolder(folder)).GetAwaiter().GetResult();
    }

    private static async Task AppendForever(DataFolder folder)
    {
        // A short interval, so that the kill may fall into the writing of Parquet as well.
        await using var log = PredictionLog.Open(folder, new() { SealAfterRows = 40, SealAfter = TimeSpan.FromMilliseconds(20) });
        using var acknowledged = new FileStream(
            Path.Combine(folder.Path, "acknowledged"), FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        for (var i = 0; ; i++)
        {
            await log.AppendAsync(new PredictionRecord
            {
                Id = $"r{i}",
                Model = "churn",
                Version = 1,
                At = DateTimeOffset.UnixEpoch,
                Score = 0.5,
                Inputs = new Dictionary<string, object?> { ["x"] = i },
            });
            acknowledged.Write(Encoding.ASCII.GetBytes($"r{i}\n"));
        }
    }
}
