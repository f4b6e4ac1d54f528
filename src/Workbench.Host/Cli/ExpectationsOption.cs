using System.CommandLine;
using Workbench.Host.Activities;

namespace Workbench.Host.Cli;

/// <summary>The option --expectations of commands that train: data that breaks them is not trained on.</summary>
internal static class ExpectationsOption
{
    public static Option<string?> Create() => new("--expectations") { Description = "File of expectations that the data must keep; else nothing is trained, and the exit code is 3.", HelpName = "FILE" };

    /// <summary>Whether the data may be used; tells what is wrong when not.</summary>
    public static bool Allows(string? expectations, string data, CancellationToken cancellationToken)
    {
        if (expectations is null)
            return true;
        var verdict = new DataGate { Data = data, Expectations = expectations }.Decide(cancellationToken);
        if (verdict.Passed)
            return true;
        foreach (string finding in verdict.Findings)
            Console.Error.WriteLine(finding);
        Console.Error.WriteLine($"Nothing was trained. {verdict.Summary}");
        return false;
    }
}
