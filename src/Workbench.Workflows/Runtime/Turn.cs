using Workbench.Workflows.Model;

namespace Workbench.Workflows.Runtime;

/// <summary>An activity whose turn has come, or that is skipped because a branch it waits for is dead; and the activities it cancels.</summary>
internal sealed record Turn(Activity Activity, IReadOnlyList<string> Losers, bool IsSkipped);
