using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.LanguageModels;

/// <summary>The loop that continues a sequence.</summary>
internal static class TokenGeneration
{
    public static IEnumerable<int> Run(CausalLanguageModel network, IReadOnlyList<int> prompt, GenerationOptions options)
    {
        var sampler = new TokenSampler(options);
        var tokens = prompt.Select(id => (long)id).ToList();
        var seen = prompt.ToHashSet();
        long weights = network.parameters().Sum(weight => weight.numel());
        using var cache = new KeyValueCache();
        for (int added = 0; added < options.MaxNewTokens && tokens.Count < network.Config.LongestSequence; added++)
        {
            int next = sampler.Next(LastLogits(network, tokens, cache, weights), seen);
            if (options.StopTokens.Contains(next))
                yield break;
            tokens.Add(next);
            seen.Add(next);
            yield return next;
        }
    }

    // A caller may train between two tokens, on any thread: modes, scopes and threads last for one step.
    private static float[] LastLogits(CausalLanguageModel network, List<long> tokens, KeyValueCache cache, long weights)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        bool isTraining = network.training;
        if (isTraining)
            network.eval();
        try
        {
            bool isCached = tokens.Count <= network.Config.CacheableLength;
            var input = isCached ? tokens[(int)cache.Length..] : tokens;
            using var threads = new TorchThreads(input.Count, weights);
            var device = network.parameters().First().device;
            var hidden = network.Hidden(tensor(input.ToArray(), [1, input.Count], device: device), cache: isCached ? cache : null);
            return network.Head(hidden.select(1, input.Count - 1)).to_type(ScalarType.Float32).cpu().data<float>().ToArray();   // [1, V]
        }
        finally
        {
            if (isTraining)
                network.train();
        }
    }
}
