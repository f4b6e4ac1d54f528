using System.Text.Json.Nodes;
using Workbench.Workflows.Model;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>A run that can be inserted: its row, its version and where it begins.</summary>
internal sealed record NewRun(RunRow Row, PinnedDefinition Pinned, long Revision, Activity Start, JsonObject? TriggerOutputs);
