using System.Text.Json.Nodes;
using Workbench.Workflows.Storage;

namespace Workbench.Workflows.Runtime;

/// <summary>What a step is to wait for: the name of an event, path or run, and when a worker looks after it, in milliseconds.</summary>
internal sealed record Wait(BookmarkKind Kind, string Name = "", long? DueAt = null, JsonObject? Payload = null);
