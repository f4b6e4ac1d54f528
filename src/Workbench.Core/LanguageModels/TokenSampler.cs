namespace Workbench.LanguageModels;

/// <summary>Chooses a token from logits. Pure but for its random numbers.</summary>
internal sealed class TokenSampler(GenerationOptions options)
{
    private readonly Random _random = new(options.Seed);

    /// <summary>The next token.</summary>
    /// <param name="logits">[V]; changed.</param>
    /// <param name="seen">Tokens of the prompt and the text so far.</param>
    /// <exception cref="InvalidOperationException">A logit is no number.</exception>
    public int Next(float[] logits, IReadOnlySet<int> seen)
    {
        if (Array.Exists(logits, float.IsNaN))
            throw new InvalidOperationException("The network's logits are not numbers. Its weights are damaged, or overflowed in float16; load it as BFloat16 or Float32.");
        Penalize(logits, seen, options.RepetitionPenalty);
        if (options.Temperature == 0)
            return Array.IndexOf(logits, logits.Max());
        var candidates = Candidates(logits, options);
        double place = _random.NextDouble();
        foreach (var (token, probability) in candidates)
            if ((place -= probability) < 0)
                return token;
        return candidates[^1].Token;   // rounding left a rest
    }

    /// <summary>What may be drawn, the likeliest first, with probabilities that sum to 1.</summary>
    internal static List<(int Token, double Probability)> Candidates(float[] logits, GenerationOptions options)
    {
        var order = Enumerable.Range(0, logits.Length).ToArray();
        var keys = Array.ConvertAll(logits, logit => -logit);
        Array.Sort(keys, order);
        int kept = Math.Min(options.TopK ?? logits.Length, logits.Length);
        float highest = -keys[0];
        var weights = new double[kept];
        for (int i = 0; i < kept; i++)
            weights[i] = Math.Exp((-keys[i] - highest) / options.Temperature);
        double total = weights.Sum();
        double before = 0;
        int last = 0;
        while (last < kept && before < options.TopP * total)
            before += weights[last++];
        return Enumerable.Range(0, last).Select(i => (order[i], weights[i] / before)).ToList();
    }

    internal static void Penalize(float[] logits, IReadOnlySet<int> seen, double penalty)
    {
        if (penalty == 1)
            return;
        foreach (int token in seen)
            if (token < logits.Length)
                logits[token] = (float)(logits[token] > 0 ? logits[token] / penalty : logits[token] * penalty);
    }
}
