using System.Text.Json.Nodes;
using TorchSharp;
using Workbench.Core.Tests.Registry;
using Workbench.LanguageModels;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.LanguageModels;

/// <summary>Against reference_models.py, which computes the same models in numpy from the papers and reads safetensors itself.</summary>
public sealed class CausalLanguageModelTests(ReferenceModels reference) : IClassFixture<ReferenceModels>
{
    // Float32 against float64 over a few layers of width 32; wrong formulas differ by 0.01 and more.
    private const double Tolerance = 1e-4;

    public static TheoryData<string> Names => ReferenceModels.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Load_ReferenceCheckpoint_GivesItsLogits(string name)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder(name));
        Assert.InRange(ReferenceModels.Difference(model.call(reference.Tokens(name)), reference.Logits(name)), 0, Tolerance);
    }

    [Fact]
    public void Save_EveryCheckpoint_PythonReadsTheSameModel()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        foreach (string name in Names.Select(row => row.Data))
        {
            using var model = CausalLanguageModel.Load(reference.Folder(name));
            string saved = Path.Combine(folder.Path, name);
            model.Save(saved, maxShardBytes: name.StartsWith("llama", StringComparison.Ordinal) ? 20_000 : long.MaxValue);
            File.Copy(Path.Combine(reference.Folder(name), "tokens.json"), Path.Combine(saved, "tokens.json"));
        }
        Assert.True(Directory.GetFiles(Path.Combine(folder.Path, "llama3"), "model-*-of-*.safetensors").Length > 2);

        var logits = ReferenceModels.LogitsByPython(folder.Path);

        Assert.Equal(Names.Count, logits.Count);
        Assert.All(logits, pair => Assert.InRange(ReferenceModels.Difference(pair.Value, reference.Logits(pair.Key)), 0, 1e-12));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Logits_WithCache_EqualThoseWithout(string name)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder(name));
        long length = name == "llama-dynamic" ? 8 : 21;
        var tokens = reference.Tokens(name).narrow(1, 0, length);
        using var cache = new KeyValueCache();
        var pieces = new List<Tensor>();
        foreach (long count in length == 8 ? new long[] { 3, 1, 4 } : [5, 1, 1, 6, 8])
            pieces.Add(model.Logits(tokens.narrow(1, cache.Length, count), cache: cache));
        Assert.InRange(ReferenceModels.Difference(cat(pieces, 1), model.Logits(tokens)), 0, 2e-5);
    }

    [Fact]
    public void Logits_CacheLongerThanItsBuffer_EqualThoseWithout()
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder("llama3"));
        var tokens = randint(0, 67, [1, 150], ScalarType.Int64);
        using var cache = new KeyValueCache();
        var pieces = Enumerable.Range(0, 150).Select(i => model.Logits(tokens.narrow(1, i, 1), cache: cache)).ToList();
        Assert.InRange(ReferenceModels.Difference(cat(pieces, 1), model.Logits(tokens)), 0, 1e-4);
    }

    [Fact]
    public void Logits_DynamicScalingBeyondItsContextWithCache_Refuses()
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder("llama-dynamic"));
        using var cache = new KeyValueCache();
        Assert.Contains("cannot be cached", Assert.Throws<ArgumentException>(() => model.Logits(reference.Tokens("llama-dynamic"), cache: cache)).Message);
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("qwen2")]
    public void Logits_PackedDocuments_EqualThoseOfEach(string name)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder(name));
        var tokens = reference.Tokens(name);
        var mask = CausalLanguageModel.PackedMask(tensor(Enumerable.Range(0, 21).Select(i => i < 9 ? 0L : 1L).ToArray()).unsqueeze(0).expand(2, 21));
        var positions = cat([arange(9, dtype: ScalarType.Int64), arange(12, dtype: ScalarType.Int64)]).unsqueeze(0).expand(2, 21);
        var alone = cat([model.Logits(tokens.narrow(1, 0, 9)), model.Logits(tokens.narrow(1, 9, 12))], 1);
        Assert.InRange(ReferenceModels.Difference(model.Logits(tokens, positions, mask), alone), 0, 2e-5);
        Assert.True(ReferenceModels.Difference(model.Logits(tokens), alone) > 0.01);
    }

    [Fact]
    public void Load_AsBFloat16_KeepsTheFilesBitsAndComesNear()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        string source = reference.Folder("qwen2-bf16");
        using var model = CausalLanguageModel.Load(source, new() { Type = ScalarType.BFloat16 });
        model.Save(folder.Path);
        using var read = SafeTensorsFile.Open(Path.Combine(source, "model.safetensors"));
        using var written = SafeTensorsFile.Open(Path.Combine(folder.Path, "model.safetensors"));
        foreach (var entry in read.Entries.Where(entry => entry.Name != "lm_head.weight"))
        {
            var (a, b) = (empty(entry.Shape.ToArray(), ScalarType.BFloat16), empty(entry.Shape.ToArray(), ScalarType.BFloat16));
            read.CopyTo(entry.Name, a);
            written.CopyTo(entry.Name, b);
            Assert.True(a.bytes.SequenceEqual(b.bytes), entry.Name);
        }
        Assert.Equal("bfloat16", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "config.json")))!["torch_dtype"]);
        // 8 bits of mantissa: 0.4 % an operation on logits of about ±8.
        Assert.InRange(ReferenceModels.Difference(model.call(reference.Tokens("qwen2-bf16")), reference.Logits("qwen2-bf16")), 0, 0.5);
    }

    [Fact]
    public void Create_SameSeed_GivesTheSameWeightsOfTheAskedDeviation()
    {
        using var scope = NewDisposeScope();
        using var loaded = CausalLanguageModel.Load(reference.Folder("gpt2"));
        using var first = CausalLanguageModel.Create(loaded.Config, seed: 5);
        using var second = CausalLanguageModel.Create(loaded.Config, seed: 5);
        using var other = CausalLanguageModel.Create(loaded.Config, seed: 6);
        var (a, b, c) = (first.state_dict(), second.state_dict(), other.state_dict());
        Assert.All(a, pair => Assert.Equal(0, ReferenceModels.Difference(pair.Value, b[pair.Key])));
        Assert.NotEqual(0, ReferenceModels.Difference(a["transformer.wte.weight"], c["transformer.wte.weight"]));
        Assert.Equal(0.02, a["transformer.wte.weight"].std().item<float>(), 0.002);
        Assert.Equal(0.02 / Math.Sqrt(6), a["transformer.h.0.mlp.c_proj.weight"].std().item<float>(), 0.001);
        Assert.Equal(0, a["transformer.h.0.mlp.c_proj.bias"].abs().max().item<float>());
        Assert.Equal(1, a["transformer.h.2.ln_1.weight"].min().item<float>());
    }

    [Theory]
    [InlineData("gpt2", "transformer.h.1.attn.c_attn")]
    [InlineData("llama3", "model.layers.2.self_attn.q_proj")]
    public void Adapter_OnAProjection_AddsItsOutputAndTrainsAlone(string name, string projection)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder(name));
        foreach (var weight in model.parameters())
            weight.requires_grad = false;
        var target = model.Projections[projection];
        var adapter = nn.Linear(target.InputSize, target.OutputSize, hasBias: false);
        target.Adapter = adapter;
        Assert.Contains($"{projection}.adapter.weight", model.named_parameters().Select(named => named.name));
        model.call(reference.Tokens(name)).sum().backward();
        Assert.Equal([$"{projection}.adapter.weight"], model.named_parameters().Where(named => named.parameter.grad is not null).Select(named => named.name));
        Assert.Contains(projection, Assert.Throws<InvalidOperationException>(() => model.Save(Path.GetTempPath())).Message);

        target.Adapter = null;

        Assert.InRange(ReferenceModels.Difference(model.call(reference.Tokens(name)), reference.Logits(name)), 0, Tolerance);
        Assert.DoesNotContain(model.named_parameters(), named => named.name.Contains("adapter", StringComparison.Ordinal));
    }

    [Fact]
    public void BlockRunner_EachBlock_IsAFunctionOfItsInputAlsoLater()
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder("llama3"));
        var calls = new List<(Func<Tensor, Tensor> Block, Tensor Input)>();
        model.BlockRunner = (block, x) =>
        {
            calls.Add((block, x.clone().MoveToOtherDisposeScope(scope)));
            return block(x);
        };
        Assert.InRange(ReferenceModels.Difference(model.call(reference.Tokens("llama3")), reference.Logits("llama3")), 0, Tolerance);
        Assert.Equal(3, calls.Count);

        // Once more when the forward pass is over, as gradient checkpointing does: the next block got this one's output.
        Assert.Equal(0, ReferenceModels.Difference(calls[0].Block(calls[0].Input), calls[1].Input));
    }

    [Theory]
    [InlineData("gpt2-odd")]
    [InlineData("llama-wide-heads")]
    public void To_AnotherType_KeepsNamesAndWhatIsFrozen(string name)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder(name));
        var before = model.named_parameters().ToDictionary(named => named.name, named => named.parameter.shape);
        foreach (var projection in model.Projections.Values)
            projection.Weight.requires_grad = false;
        model.to(ScalarType.Float64);
        var after = model.named_parameters().ToDictionary(named => named.name, named => named.parameter);
        Assert.Equal(before.Keys.Order(), after.Keys.Order());
        Assert.All(after, pair => Assert.Equal((ScalarType.Float64, pair.Value.dim() < 2 || !model.Projections.ContainsKey(pair.Key.Replace(".weight", ""))), (pair.Value.dtype, pair.Value.requires_grad)));
        Assert.All(model.Projections, pair => Assert.Same(after[$"{pair.Key}.weight"], pair.Value.Weight));
        Assert.InRange(ReferenceModels.Difference(model.call(reference.Tokens(name)), reference.Logits(name)), 0, Tolerance);
    }

    [Fact]
    public void Logits_CalledOften_LeaveNoTensorBehind()
    {
        using var model = CausalLanguageModel.Load(reference.Folder("llama3"));
        using var tokens = reference.Tokens("llama3");
        model.Logits(tokens).Dispose();
        long before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var cache = new KeyValueCache())
            model.Logits(tokens, cache: cache).Dispose();
        model.Logits(tokens).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Logits_TooManyTokensForTheModel_Refuses()
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder("gpt2"));
        Assert.Contains("25 tokens and the model 24", Assert.Throws<ArgumentException>(() => model.call(zeros([1, 25], ScalarType.Int64))).Message);
        Assert.Contains("int64 [batch, time]", Assert.Throws<ArgumentException>(() => model.call(zeros([25]))).Message);
    }
}
