using System.Text.Json.Nodes;

namespace Workbench.LanguageModels;

/// <summary>Rotary positions (Su et al. 2021, https://arxiv.org/abs/2104.09864): the base and its scaling.</summary>
public sealed record RotaryOptions
{
    private static readonly Dictionary<string, RotaryKind> Kinds = new()
    {
        ["default"] = RotaryKind.Default, ["linear"] = RotaryKind.Linear, ["dynamic"] = RotaryKind.Dynamic, ["llama3"] = RotaryKind.Llama3,
    };

    /// <summary>θ.</summary>
    public double Base { get; init; } = 10_000;
    /// <summary>Which scaling.</summary>
    public RotaryKind Kind { get; init; }
    /// <summary>How many times longer sequences get; at least 1.</summary>
    public double Factor { get; init; } = 1;
    /// <summary>Llama 3: wavelengths longer than the original context divided by this are stretched in full.</summary>
    public double LowFrequencyFactor { get; init; } = 1;
    /// <summary>Llama 3: wavelengths shorter than the original context divided by this are kept.</summary>
    public double HighFrequencyFactor { get; init; } = 4;
    /// <summary>Llama 3: the context of pretraining in tokens; null is the model's context.</summary>
    public int? OriginalContextLength { get; init; }

    /// <summary>
    /// Radians a position turns each pair of a head's elements, [headSize / 2]. Computed in float32 as the reference
    /// implementation does, since the rounding shows at large positions.
    /// </summary>
    /// <param name="headSize">Width of a head, even.</param>
    /// <param name="contextLength">The model's context, in tokens.</param>
    /// <param name="sequenceLength">Tokens of the sequence at hand; only <see cref="RotaryKind.Dynamic"/> looks at it.</param>
    public float[] Frequencies(int headSize, int contextLength, long sequenceLength)
    {
        int original = OriginalContextLength ?? contextLength;
        double theta = Kind == RotaryKind.Dynamic && sequenceLength > original
            ? Base * Math.Pow(Factor * sequenceLength / original - (Factor - 1), headSize / (headSize - 2.0))
            : Base;
        var frequencies = new float[headSize / 2];
        for (int i = 0; i < frequencies.Length; i++)
            frequencies[i] = Scale(1f / MathF.Pow((float)theta, 2f * i / headSize), original);
        return frequencies;
    }

    internal static RotaryOptions Read(ConfigFields fields, int contextLength)
    {
        var scaling = fields.Object("rope_parameters") ?? fields.Object("rope_scaling");
        var options = new RotaryOptions { Base = fields.Number("rope_theta", scaling?.Number("rope_theta", 10_000) ?? 10_000) };
        fields.Demand("partial_rotary_factor", 1.0);
        if (scaling is null)
            return options;
        scaling.Demand("partial_rotary_factor", 1.0);
        var kind = Kinds[scaling.OneOf("rope_type", scaling.OneOf("type", "default", Kinds.Keys), Kinds.Keys)];
        options = options with
        {
            Kind = kind,
            Factor = kind == RotaryKind.Default ? 1 : scaling.Number("factor"),
            OriginalContextLength = kind == RotaryKind.Llama3 ? scaling.Size("original_max_position_embeddings") : null,
            LowFrequencyFactor = kind == RotaryKind.Llama3 ? scaling.Number("low_freq_factor") : 1,
            HighFrequencyFactor = kind == RotaryKind.Llama3 ? scaling.Number("high_freq_factor") : 4,
        };
        if (kind != RotaryKind.Llama3 && scaling.Size("original_max_position_embeddings", contextLength) is var original && original != contextLength)
            scaling.Refuse("original_max_position_embeddings", $"{original}; with {kind.ToString().ToLowerInvariant()} scaling it must be max_position_embeddings, {contextLength}");
        scaling.Finish();
        return options;
    }

    internal void WriteTo(JsonObject json)
    {
        json["rope_theta"] = Base;
        if (Kind == RotaryKind.Default)
        {
            json["rope_scaling"] = null;
            return;
        }
        var scaling = new JsonObject { ["rope_type"] = Kinds.Single(pair => pair.Value == Kind).Key, ["factor"] = Factor };
        if (OriginalContextLength is { } original)
            scaling["original_max_position_embeddings"] = original;
        if (Kind == RotaryKind.Llama3)
        {
            scaling["low_freq_factor"] = LowFrequencyFactor;
            scaling["high_freq_factor"] = HighFrequencyFactor;
        }
        json["rope_scaling"] = scaling;
    }

    private float Scale(float frequency, int original)
    {
        if (Kind == RotaryKind.Linear)
            return frequency / (float)Factor;
        if (Kind != RotaryKind.Llama3)
            return frequency;
        float wavelength = 2 * MathF.PI / frequency;
        if (wavelength < original / HighFrequencyFactor)
            return frequency;
        if (wavelength > original / LowFrequencyFactor)
            return frequency / (float)Factor;
        float blend = (float)((original / wavelength - LowFrequencyFactor) / (HighFrequencyFactor - LowFrequencyFactor));
        return (1 - blend) * frequency / (float)Factor + blend * frequency;
    }
}
