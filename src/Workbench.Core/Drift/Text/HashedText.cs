namespace Workbench.Drift.Text;

/// <summary>One text as hashed features, from which its words cannot be read back.</summary>
internal readonly record struct HashedText(int[] Indices, float[] Values);
