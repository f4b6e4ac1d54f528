using System.Text.Json.Nodes;

namespace Workbench.Core.Tests.Distributed;

/// <summary>How a job ended.</summary>
/// <param name="ExitCode">Of mpirun.</param>
/// <param name="Lines">The JSON lines that each rank wrote.</param>
/// <param name="Errors">What mpirun and the ranks wrote on the standard error.</param>
internal sealed record RanksJob(int ExitCode, IReadOnlyList<IReadOnlyList<JsonNode>> Lines, string Errors);
