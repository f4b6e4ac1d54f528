using System.Runtime.InteropServices;
using Workbench.Data;

namespace Workbench.Training.Trees;

/// <summary>Boosted trees: an output's score is its base plus what its trees add. F inputs, O outputs, T trees.</summary>
public sealed record TreeEnsemble
{
    /// <summary>F.</summary>
    public required int Inputs { get; init; }
    /// <summary>[O] what each score begins with.</summary>
    public required IReadOnlyList<float> Bases { get; init; }
    /// <summary>[T] in the order of the rounds.</summary>
    public required IReadOnlyList<DecisionTree> Trees { get; init; }

    /// <summary>Scores, row-major [N × O].</summary>
    /// <param name="inputs">Row-major [N × F].</param>
    /// <param name="rows">N.</param>
    public float[] Scores(float[] inputs, int rows)
    {
        int outputs = Bases.Count;
        var scores = new float[rows * outputs];
        Parallel.For(0, rows, row =>
        {
            Span<double> sums = stackalloc double[outputs];
            for (int output = 0; output < outputs; output++)
                sums[output] = Bases[output];
            foreach (var tree in Trees)
                sums[tree.Output] += tree.Score(inputs.AsSpan(row * Inputs, Inputs));
            for (int output = 0; output < outputs; output++)
                scores[row * outputs + output] = (float)sums[output];
        });
        return scores;
    }

    /// <summary>The ensemble as tensors: of all trees' nodes one after the other, and of each tree its nodes and output.</summary>
    internal IReadOnlyList<SafeTensor> ToTensors() =>
    [
        Tensor<float>("bases", "F32", Bases),
        Tensor<int>("inputs", "I32", [Inputs]),
        Tensor<int>("nodes.input", "I32", Trees.SelectMany(tree => tree.Inputs)),
        Tensor<int>("nodes.left", "I32", Trees.SelectMany(tree => tree.Left)),
        Tensor<int>("nodes.right", "I32", Trees.SelectMany(tree => tree.Right)),
        Tensor<float>("nodes.value", "F32", Trees.SelectMany(tree => tree.Values)),
        Tensor<int>("trees.nodes", "I32", Trees.Select(tree => tree.Inputs.Length)),
        Tensor<int>("trees.output", "I32", Trees.Select(tree => tree.Output)),
    ];

    /// <summary>Reads what <see cref="ToTensors"/> wrote, and checks every tree.</summary>
    /// <exception cref="DataException">A tensor is missing or of another type, or a tree is no tree.</exception>
    internal static TreeEnsemble FromTensors(IReadOnlyList<SafeTensor> tensors, string origin)
    {
        var (bases, inputs) = (Read<float>(tensors, "bases", "F32", origin), Read<int>(tensors, "inputs", "I32", origin));
        var (input, left, right) = (Read<int>(tensors, "nodes.input", "I32", origin), Read<int>(tensors, "nodes.left", "I32", origin), Read<int>(tensors, "nodes.right", "I32", origin));
        var (value, sizes, outputs) = (Read<float>(tensors, "nodes.value", "F32", origin), Read<int>(tensors, "trees.nodes", "I32", origin), Read<int>(tensors, "trees.output", "I32", origin));
        long nodes = sizes.Sum(size => (long)size);
        if (inputs.Length != 1 || outputs.Length != sizes.Length || Array.Exists(sizes, size => size < 1)
            || new[] { input.Length, left.Length, right.Length, value.Length }.Any(length => length != nodes))
            throw Damaged(origin, "its lists of nodes and trees have lengths that do not belong together");
        var trees = new List<DecisionTree>(sizes.Length);
        int start = 0;
        for (int i = 0; i < sizes.Length; i++)
        {
            var range = start..(start + sizes[i]);
            trees.Add(new() { Output = outputs[i], Inputs = input[range], Values = value[range], Left = left[range], Right = right[range] });
            if (trees[i].Defect(inputs[0], bases.Length) is { } defect)
                throw Damaged(origin, $"tree {i} is none: {defect}");
            start += sizes[i];
        }
        return new() { Inputs = inputs[0], Bases = bases, Trees = trees };
    }

    private static SafeTensor Tensor<T>(string name, string type, IEnumerable<T> values) where T : unmanaged
    {
        T[] array = [.. values];
        return new() { Name = name, Type = type, Shape = [array.Length], Data = MemoryMarshal.AsBytes<T>(array).ToArray() };
    }

    private static T[] Read<T>(IReadOnlyList<SafeTensor> tensors, string name, string type, string origin) where T : unmanaged =>
        tensors.FirstOrDefault(tensor => tensor.Name == name) is { } found && found.Type == type && found.Shape.Count == 1
            ? MemoryMarshal.Cast<byte, T>(found.Data.Span).ToArray()
            : throw Damaged(origin, $"it has no list '{name}' of {type}");

    private static DataException Damaged(string origin, string why) =>
        new($"'{origin}' holds no trees: {why}. Save the model again, or fetch it from the registry.") { Origin = origin };
}
