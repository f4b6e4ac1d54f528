using Workbench.Drift.Kernels;
using Workbench.Drift.Sources;

namespace Workbench.Drift.Embeddings;

/// <summary>What is kept of the vectors of one side while they stream by: their sum and a sample.</summary>
/// <param name="width">Length that every vector must have.</param>
/// <param name="seed">Of the sample.</param>
internal sealed class EmbeddingSide(int width, int seed)
{
    private const int SampleRows = 5_000;
    // 32 MB a side.
    private const int SampleValues = 4_000_000;

    private readonly Reservoir _reservoir = new(Math.Clamp(SampleValues / width, 100, SampleRows), seed);
    private readonly List<double[]> _sample = [];
    private readonly double[] _sum = new double[width];

    /// <summary>Vectors without a hole.</summary>
    public long Count { get; private set; }
    public long Nulls { get; private set; }
    /// <summary>Vectors left out because a member is NULL, NaN or infinite.</summary>
    public long NotFinite { get; private set; }
    /// <summary>A length that is not the expected one, or null.</summary>
    public int? OtherWidth { get; private set; }
    public long Rows => Count + Nulls + NotFinite;

    public void Add(ReadOnlySpan<double> vector)
    {
        if (vector.Length == 0)
            Nulls++;
        else if (vector.Length != width)
            OtherWidth = vector.Length;
        else if (!System.Numerics.Tensors.TensorPrimitives.IsFiniteAll(vector))
            NotFinite++;
        else
            Keep(vector);
    }

    /// <summary>The sample in the order in which its rows came.</summary>
    public VectorSample Sample()
    {
        var values = new double[_sample.Count * width];
        int row = 0;
        foreach (int place in _reservoir.InOrder())
            _sample[place].CopyTo(values, width * row++);
        return new(values, width, Count) { MeanOfAll = [.. _sum.Select(sum => sum / Count)] };
    }

    private void Keep(ReadOnlySpan<double> vector)
    {
        Count++;
        System.Numerics.Tensors.TensorPrimitives.Add(_sum, vector, _sum);
        int place = _reservoir.Next();
        if (place == _sample.Count)
            _sample.Add(vector.ToArray());
        else if (place >= 0)
            vector.CopyTo(_sample[place]);
    }
}
