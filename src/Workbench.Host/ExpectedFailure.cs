using System.Data.Common;
using Workbench.Workflows;

namespace Workbench.Host;

/// <summary>Failures that say themselves what is wrong: the command line prints them, a service of the host logs them and goes on.</summary>
internal static class ExpectedFailure
{
    public static bool Is(Exception failure) =>
        failure is WorkbenchException or WorkflowException or CommandException or IOException or UnauthorizedAccessException or DbException;
}
