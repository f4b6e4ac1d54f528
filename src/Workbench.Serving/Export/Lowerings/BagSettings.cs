using TorchSharp;
using TorchSharp.Modules;
using Workbench.Tensors;

namespace Workbench.Serving.Export.Lowerings;

/// <summary>
/// What an EmbeddingBag was built with. TorchSharp keeps it in native code without a way to read it, so that the bag is
/// asked about small inputs whose answers tell.
/// </summary>
/// <param name="Mode">How vectors become one.</param>
/// <param name="Padding">The index that counts for nothing, or null.</param>
/// <param name="IncludesLastOffset">Whether offsets end with the length of the list.</param>
internal sealed record BagSettings(EmbeddingBagMode Mode, long? Padding, bool IncludesLastOffset)
{
    public static BagSettings Of(OnnxGraph graph, EmbeddingBag bag)
    {
        using var scope = torch.NewDisposeScope();
        using var gradients = torch.no_grad();
        var table = bag.weight!.detach();   // always has one
        long rows = table.shape[0];
        // Three times a row and once the next: sum 3a + b, mean (3a + b) / 4, largest max(a, b); with padding a or b is left out.
        var first = TensorArithmetic.Range(0, rows, device: table.device);
        var second = first.Plus(1).Remainder(rows);
        bool takesLast = TakesLastOffset(bag, table);
        var actual = Ask(bag, takesLast, first, first, first, second);
        var (a, b) = (table, table.index_select(0, second));
        var sum = a.Times(3).Plus(b);
        var mode = Matching(graph, actual, new()
        {
            [EmbeddingBagMode.Mean] = [sum.DividedBy(4), a, b],
            [EmbeddingBagMode.Sum] = [sum, a.Times(3), b],
            [EmbeddingBagMode.Max] = [torch.maximum(a, b), a, b],
        });
        return new(mode, PaddingOf(bag, takesLast, table, first, second), takesLast);
    }

    // Every row agrees with one of the mode's possibilities.
    private static EmbeddingBagMode Matching(OnnxGraph graph, torch.Tensor actual, Dictionary<EmbeddingBagMode, torch.Tensor[]> expected)
    {
        foreach (var (mode, possibilities) in expected)
        {
            // [rows, possibilities] -> whether each row is near one of them; and most rows are near the first, as at most two are touched by padding.
            var differences = torch.stack([.. possibilities.Select(value => (actual - value).abs().amax([1]))], 1);
            var near = differences.le(actual.abs().amax([1], keepdim: true).Plus(1).Times(1e-5));
            if (near.any(1).all().item<bool>() && near.select(1, 0).sum().item<long>() >= near.shape[0] - 2)
                return mode;
        }
        throw graph.Refusal("EmbeddingBag answers like none of sum, mean and max (has it a max_norm?)", "Build it without max_norm");
    }

    // A bag of nothing but the padding is zero, and its row in the table need not be.
    private static long? PaddingOf(EmbeddingBag bag, bool takesLast, torch.Tensor table, torch.Tensor first, torch.Tensor second)
    {
        // Row i is padding if with its neighbour it leaves the neighbour's own answer.
        var (alone, neighbour, both) = (Ask(bag, takesLast, first), Ask(bag, takesLast, second), Ask(bag, takesLast, first, second));
        var ignored = (both - neighbour).abs().amax([1]).AtMost(1e-7).logical_and(alone.abs().amax([1]).EqualTo(0));
        var different = (alone - neighbour).abs().amax([1]).MoreThan(1e-6);
        var isCandidate = ignored.logical_and(different).data<bool>().ToArray();
        long[] candidates = [.. Enumerable.Range(0, isCandidate.Length).Where(row => isCandidate[row]).Select(row => (long)row)];
        // In a sum every row of zeros counts for nothing; the padding is then the one that is not of zeros, if any.
        long[] telling = [.. candidates.Where(row => table[row].abs().amax().item<float>() > 0)];
        return telling.Length == 1 ? telling[0] : candidates.Length == 1 ? candidates[0] : null;
    }

    // One bag a row of the columns side by side, as a list with offsets: the form that every bag takes.
    private static torch.Tensor Ask(EmbeddingBag bag, bool takesLast, params torch.Tensor[] columns)
    {
        var list = torch.stack(columns, 1).reshape(-1);
        long count = list.shape[0], length = columns.Length;
        return bag.call(list, TensorArithmetic.Range(0, takesLast ? count + 1 : count, device: list.device, step: length));
    }

    private static bool TakesLastOffset(EmbeddingBag bag, torch.Tensor table) =>
        bag.call(torch.tensor(new long[] { 0 }, device: table.device), torch.tensor(new long[] { 0, 1 }, device: table.device)).shape[0] == 1;
}
