using System.Runtime.InteropServices;
using TorchSharp;
using Workbench.Core.Tests.Training.Loop;
using Workbench.LanguageModels;
using Workbench.LanguageModels.FineTuning;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.LanguageModels.FineTuning;

[Collection(GeneratorCollection.Name)]
public sealed class GradientCheckpointingTests
{
    public GradientCheckpointingTests() => TorchRuntime.EnsureAvailable();

    [Theory]
    [InlineData("gpt2", false)]
    [InlineData("gpt2", true)]
    [InlineData("llama", false)]
    [InlineData("llama", true)]
    public void Backward_BlocksComputedTwice_GivesTheSameGradients(string name, bool withAdapter)
    {
        using var scope = NewDisposeScope();
        using var model = name == "gpt2" ? TinyModels.Gpt2(dropout: 0.2) : TinyModels.Llama();
        using var adapter = withAdapter ? LoraAdapter.Create(model, new() { Rank = 2, Dropout = 0.1 }) : null;
        model.train();
        using var batch = new TokenWindows(TinyModels.Random(12, 4, 20), 16, 6).Read(1, 0, CPU).First();
        Assert.Equal(4, batch.Count);   // packed: the mask is needed again
        var (loss, gradients) = Gradients(model, batch);
        var again = Gradients(model, batch);
        Assert.Equal(loss, again.Loss);   // dropout draws the same numbers

        using var checkpointing = new GradientCheckpointing(model);
        var (recomputedLoss, recomputed) = Gradients(model, batch);

        Assert.Equal(loss, recomputedLoss);
        Assert.Equal(gradients.Keys, recomputed.Keys);
        Assert.True(gradients.Count > 4);
        Assert.All(gradients, gradient => Assert.Equal(0, ReferenceModels.Difference(gradient.Value, recomputed[gradient.Key])));
    }

    [Fact]
    public void Backward_ManySteps_LeavesNoTensorBehind()
    {
        using var model = TinyModels.Llama();
        using var checkpointing = new GradientCheckpointing(model);
        model.train();
        void Step()
        {
            using var scope = NewDisposeScope();
            using var batch = new TokenWindows(TinyModels.Random(12, 4, 20), 16, 6).Read(1, 0, CPU).First();
            LanguageModelLoss.Mean(model, batch).backward();
        }
        for (int i = 0; i < 3; i++)
            Step();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (int i = 0; i < 8; i++)
            Step();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Forward_ManyLayers_KeepsAFractionOfTheMemory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && !File.Exists("/lib/ld-musl-x86_64.so.1"), "glibc counts what it has given out");
        // Per layer about 20 activations of 8 · 256 · 64 numbers (0.5 MB each) and 2 of four times that are kept without it; one with it.
        using var model = CausalLanguageModel.Create(new Gpt2Config
        {
            VocabularySize = 17, ContextLength = 256, HiddenSize = 64, LayerCount = 12, HeadCount = 4, FeedForwardSize = 256, TieEmbeddings = true,
        }, seed: 1);
        model.train();
        using var tokens = randint(0, 17, [8, 256], ScalarType.Int64);
        long plain = MemoryOfForward(model, tokens);
        using var checkpointing = new GradientCheckpointing(model);
        long recomputed = MemoryOfForward(model, tokens);
        Assert.True(plain > 60 << 20, $"{plain >> 20} MB");
        Assert.True(recomputed < plain / 3, $"{recomputed >> 20} of {plain >> 20} MB");
    }

    [Fact]
    public void Constructor_SomethingRunsTheBlocks_Refuses()
    {
        using var model = TinyModels.Gpt2();
        using (new GradientCheckpointing(model))
            Assert.Contains("BlockRunner", Assert.Throws<InvalidOperationException>(() => new GradientCheckpointing(model)).Message);
        Assert.Null(model.BlockRunner);
    }

    private static (double Loss, Dictionary<string, Tensor> Gradients) Gradients(CausalLanguageModel model, Batch batch)
    {
        foreach (var parameter in model.parameters())
            parameter.grad = null;
        manual_seed(5);
        var loss = LanguageModelLoss.Mean(model, batch);
        loss.backward();
        return (loss.ToDouble(), model.named_parameters().Where(named => named.parameter.grad is not null).ToDictionary(named => named.name, named => named.parameter.grad!.clone()));
    }

    private static long MemoryOfForward(CausalLanguageModel model, Tensor tokens)
    {
        using var scope = NewDisposeScope();
        long before = InUse();
        var loss = model.call(tokens).sum();
        long kept = InUse() - before;
        loss.backward();
        return kept;
    }

    // What malloc has given out: libtorch's tensors on the CPU. The resident set would also hold what was freed and kept for later.
    private static long InUse()
    {
        var all = MallInfo();
        return (long)(all.InUse + all.Mapped);
    }

    [DllImport("libc", EntryPoint = "mallinfo2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern MallocState MallInfo();

    [StructLayout(LayoutKind.Sequential)]
    private readonly struct MallocState
    {
        private readonly nuint _arena, _freeBlocks, _fastBlocks, _mappedBlocks;
        public readonly nuint Mapped;
        private readonly nuint _peak, _fastBytes;
        public readonly nuint InUse;
        private readonly nuint _freeBytes, _releasable;
    }
}
