using System.Text.Json.Nodes;

namespace Workbench.Host.Demo;

/// <summary>One row of the sample data as the world sees it: a request now, a label later.</summary>
internal sealed record Customer(string RowId, DateTime EventAt, DateTime LabelAt, double Churned, IReadOnlyDictionary<string, object?> Inputs);
