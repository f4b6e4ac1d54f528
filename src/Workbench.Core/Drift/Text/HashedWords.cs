namespace Workbench.Drift.Text;

/// <summary>The words and pairs of neighbouring words of one text as hashed features: 1 + ln(times), scaled to length 1. For one thread.</summary>
internal sealed class HashedWords
{
    public const int Width = 1 << 18;
    private const int MostFeatures = 512;

    private readonly List<int> _features = [];
    private ulong _previous;

    public void Start()
    {
        _features.Clear();
        _previous = 0;
    }

    public void Add(ReadOnlySpan<char> word)
    {
        if (_features.Count >= 2 * MostFeatures)
            return;
        ulong hash = WordHash.Of(word);
        _features.Add((int)(hash & (Width - 1)));
        if (_previous != 0)
            _features.Add((int)(WordHash.Of(_previous, hash) & (Width - 1)));
        _previous = hash;
    }

    /// <summary>The features of the words since <see cref="Start"/>.</summary>
    public HashedText End()
    {
        _features.Sort();
        var indices = new List<int>();
        var values = new List<float>();
        foreach (int feature in _features)
        {
            if (indices.Count > 0 && indices[^1] == feature)
                values[^1]++;
            else if (indices.Count < MostFeatures)
            {
                indices.Add(feature);
                values.Add(1);
            }
        }
        double length = 0;
        for (int i = 0; i < values.Count; i++)
        {
            values[i] = 1 + MathF.Log(values[i]);
            length += values[i] * values[i];
        }
        return new([.. indices], [.. values.Select(value => (float)(value / Math.Sqrt(length)))]);
    }
}
