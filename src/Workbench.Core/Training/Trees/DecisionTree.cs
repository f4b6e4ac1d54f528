namespace Workbench.Training.Trees;

/// <summary>
/// One tree of an ensemble as parallel arrays of its M nodes; node 0 is the root, and children come after their parent.
/// A row goes left when its input is at most the node's value.
/// </summary>
public sealed record DecisionTree
{
    /// <summary>The output that the tree adds to, from 0.</summary>
    public required int Output { get; init; }
    /// <summary>[M] index of the input that a node reads; -1 for a leaf.</summary>
    public required int[] Inputs { get; init; }
    /// <summary>[M] threshold of a node, or what a leaf adds.</summary>
    public required float[] Values { get; init; }
    /// <summary>[M] child for inputs up to the threshold; -1 for a leaf.</summary>
    public required int[] Left { get; init; }
    /// <summary>[M] child for inputs above the threshold; -1 for a leaf.</summary>
    public required int[] Right { get; init; }

    /// <summary>What the tree adds for one row of inputs.</summary>
    internal float Score(ReadOnlySpan<float> row)
    {
        int node = 0;
        while (Inputs[node] >= 0)
            node = row[Inputs[node]] <= Values[node] ? Left[node] : Right[node];
        return Values[node];
    }

    /// <summary>What is wrong with the tree for an ensemble of so many inputs and outputs; null when nothing is.</summary>
    internal string? Defect(int inputs, int outputs)
    {
        int nodes = Inputs.Length;
        if (nodes == 0 || Values.Length != nodes || Left.Length != nodes || Right.Length != nodes)
            return $"it has {nodes} nodes, {Values.Length} values, {Left.Length} left and {Right.Length} right children";
        if (Output < 0 || Output >= outputs)
            return $"it adds to output {Output}, and there are {outputs}";
        for (int node = 0; node < nodes; node++)
        {
            if (Inputs[node] >= inputs || Inputs[node] < -1)
                return $"node {node} reads input {Inputs[node]}, and there are {inputs}";
            if (Inputs[node] >= 0 && !(Left[node] > node && Left[node] < nodes && Right[node] > node && Right[node] < nodes))
                return $"node {node} has the children {Left[node]} and {Right[node]}, and nodes {node + 1} to {nodes - 1} come after it";
            if (!float.IsFinite(Values[node]))
                return $"node {node} holds {Values[node]}";
        }
        return null;
    }
}
