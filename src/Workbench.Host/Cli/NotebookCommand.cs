using System.CommandLine;

namespace Workbench.Host.Cli;

internal static class NotebookCommand
{
    public static Command Create() => new("notebook", "Run notebooks headless, render them, compare runs, convert them, make pipelines of them.")
    {
        NotebookRunCommand.Create(), NotebookInspectCommand.Create(), NotebookReportCommands.Render(), NotebookReportCommands.Compare(), NotebookConvertCommand.Create(), NotebookPromoteCommand.Create(),
    };
}
