using Workbench.Workflows.Model;
using Workbench.Workflows.Validation;

namespace Workbench.Workflows.Runtime;

/// <summary>The version that a run is pinned to, with its shape.</summary>
internal sealed record PinnedDefinition(WorkflowDefinition Definition, FlowchartGraph Graph);
