using System.Text.Json.Nodes;
using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.LanguageModels;
using Workbench.LanguageModels.FineTuning;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.LanguageModels.FineTuning;

/// <summary>Against a hand calculation, and against numpy, which reads the files that PEFT would read and merges them by the paper's formula.</summary>
public sealed class LoraAdapterTests(ReferenceModels reference) : IClassFixture<ReferenceModels>
{
    // Merging rounds W + B A once in float32, where the adapter adds it to the output: the last digits of logits of about ±8.
    private const double MergeTolerance = 1e-5;

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama3")]
    public void Create_Fresh_ChangesNothing(string name)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder(name));
        var before = model.call(reference.Tokens(name));
        using var adapter = LoraAdapter.Create(model, new() { Rank = 3 });
        Assert.Equal(0, ReferenceModels.Difference(before, model.call(reference.Tokens(name))));
        Assert.Equal(adapter.ParameterCount, model.parameters().Where(parameter => parameter.requires_grad).Sum(parameter => parameter.numel()));
        Assert.Contains(adapter.Layers, layer => layer.Layer.A.abs().max().item<float>() > 0);
    }

    [Fact]
    public void Forward_SmallNumbers_AsByHand()
    {
        using var scope = NewDisposeScope();
        TorchRuntime.EnsureAvailable();
        var projection = new Projection(2, 2, bias: false, isInputFirst: true, ScalarType.Float32, CPU);
        var layer = new LoraLayer(projection, new() { Rank = 1, Alpha = 2 });
        using (no_grad())
        {
            layer.A.copy_(tensor(new float[] { 1, 2 }).view(1, 2));
            layer.B.copy_(tensor(new float[] { 3, 4 }).view(2, 1));
        }
        // A x = 1 + 2 = 3; B 3 = (9, 12); scale α / r = 2.
        Assert.Equal([18f, 24f], layer.call(ones(1, 2)).data<float>().ToArray());
    }

    [Theory]
    [InlineData("gpt2")]
    [InlineData("llama3")]
    [InlineData("qwen2")]
    public void Merge_TrainedAdapter_GivesTheSameLogits(string name)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder(name));
        using var adapter = Trained(model, new() { Rank = 4, Alpha = 8 });
        var attached = model.call(reference.Tokens(name));
        Assert.True(ReferenceModels.Difference(attached, reference.Logits(name)) > 0.01);

        adapter.Merge();

        double largest = attached.abs().max().item<float>();
        Assert.InRange(ReferenceModels.Difference(model.call(reference.Tokens(name)), attached) / largest, 0, MergeTolerance);
        Assert.All(model.Projections.Values, projection => Assert.Null(projection.Adapter));
        Assert.All(model.parameters(), parameter => Assert.True(parameter.requires_grad));
        Assert.Contains("not attached", Assert.Throws<InvalidOperationException>(adapter.Merge).Message);
    }

    [Fact]
    public void Detach_TrainedAdapter_LeavesTheModelAsItWasToTheBit()
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder("gpt2"));
        var weights = model.named_parameters().ToDictionary(named => named.name, named => named.parameter.detach().clone());
        var logits = model.call(reference.Tokens("gpt2"));
        using var adapter = LoraAdapter.Create(model, new() { Rank = 2, Dropout = 0.1 });
        var text = Tokens(reference, "gpt2");
        new FineTuner(model, new() { Steps = 5, Epochs = null, LearningRate = 0.05, WarmupSteps = 0, Context = 20 }, adapter).Run(text);
        var adapted = model.call(reference.Tokens("gpt2"));
        Assert.True(ReferenceModels.Difference(adapted, logits) > 0.01);

        adapter.Detach();

        Assert.Equal(0, ReferenceModels.Difference(model.call(reference.Tokens("gpt2")), logits));
        Assert.Equal(weights.Keys, model.named_parameters().Select(named => named.name));
        Assert.All(model.named_parameters(), named => Assert.True(named.parameter.bytes.SequenceEqual(weights[named.name].bytes), named.name));
        adapter.Attach();
        Assert.Equal(0, ReferenceModels.Difference(model.call(reference.Tokens("gpt2")), adapted));
    }

    [Fact]
    public void Save_Adapters_NumpyReadsAndMergesThem()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        var expected = new Dictionary<string, Tensor>();
        foreach (var (name, options) in new (string, LoraOptions)[]
        {
            ("gpt2", new() { Rank = 3, Targets = ["c_attn"] }), ("llama3", new() { Rank = 2, Alpha = 5, Targets = ["q_proj", "v_proj"] }),
            ("qwen2", new() { Rank = 4, IsRankStabilized = true }), ("mistral", new() { Rank = 2, Targets = ["model.layers.0.mlp.up_proj", "self_attn.o_proj"] }),
        })
        {
            using var model = CausalLanguageModel.Load(reference.Folder(name));
            model.Save(Path.Combine(folder.Path, name));
            File.Copy(Path.Combine(reference.Folder(name), "tokens.json"), Path.Combine(folder.Path, name, "tokens.json"));
            using var adapter = Trained(model, options);
            adapter.Save(Path.Combine(folder.Path, name, "adapter"), name);
            expected[name] = model.call(reference.Tokens(name));
        }

        var logits = ReferenceModels.LogitsByPython(folder.Path);

        Assert.Equal(4, logits.Count);
        Assert.All(logits, pair => Assert.InRange(ReferenceModels.Difference(pair.Value, expected[pair.Key]), 0, 1e-4));
        Assert.All(logits, pair => Assert.True(ReferenceModels.Difference(pair.Value, reference.Logits(pair.Key)) > 0.01));
    }

    [Fact]
    public void Save_Gpt2_HasPeftsNamesAndFields()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = CausalLanguageModel.Load(reference.Folder("gpt2"));
        using var adapter = LoraAdapter.Create(model, new() { Rank = 2, Targets = ["c_attn"] });
        adapter.Save(folder.Path, "gpt2");
        using var file = SafeTensorsFile.Open(Path.Combine(folder.Path, "adapter_model.safetensors"));
        Assert.Equal(
            Enumerable.Range(0, model.Config.LayerCount).SelectMany(layer => new[] { "A", "B" }.Select(part => $"base_model.model.transformer.h.{layer}.attn.c_attn.lora_{part}.weight")),
            file.Entries.Select(entry => entry.Name));
        Assert.Equal([2, model.Config.HiddenSize], file.Entries[0].Shape);
        Assert.Equal([3 * model.Config.HiddenSize, 2], file.Entries[1].Shape);
        var config = JsonNode.Parse(File.ReadAllText(Path.Combine(folder.Path, "adapter_config.json")))!;
        Assert.True((bool)config["fan_in_fan_out"]!);
        Assert.Equal(("LORA", "gpt2", 2, 16.0), ((string)config["peft_type"]!, (string)config["base_model_name_or_path"]!, (int)config["r"]!, (double)config["lora_alpha"]!));
        Assert.Equal(["c_attn"], config["target_modules"]!.AsArray().Select(target => (string)target!));
    }

    [Fact]
    public void Load_SavedAdapter_GivesTheSameLogits()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = CausalLanguageModel.Load(reference.Folder("llama3"));
        using var other = CausalLanguageModel.Load(reference.Folder("llama3"));
        using var adapter = Trained(model, new() { Rank = 2, Targets = ["all-linear"], IsRankStabilized = true });
        adapter.Save(folder.Path);
        using var loaded = LoraAdapter.Load(other, folder.Path);
        Assert.Equal(0, ReferenceModels.Difference(model.call(reference.Tokens("llama3")), other.call(reference.Tokens("llama3"))));
        Assert.Equal(adapter.Projections, loaded.Projections);
        Assert.DoesNotContain("lm_head", loaded.Projections);
    }

    [Fact]
    public void Load_WhatDoesNotFit_ListsIt()
    {
        using var scope = NewDisposeScope();
        using var folder = new TemporaryFolder();
        using var model = CausalLanguageModel.Load(reference.Folder("gpt2"));
        using var other = CausalLanguageModel.Load(reference.Folder("llama3"));
        using (var adapter = LoraAdapter.Create(model, new() { Rank = 2, Targets = ["c_attn"] }))
            adapter.Save(folder.Path);
        Assert.Contains("no projection transformer.h.0.attn.c_attn", Assert.Throws<DataException>(() => LoraAdapter.Load(other, folder.Path)).Message);
        string path = Path.Combine(folder.Path, "adapter_config.json");
        var config = JsonNode.Parse(File.ReadAllText(path))!;
        config["r"] = 3;
        File.WriteAllText(path, config.ToJsonString());
        Assert.Contains("is [2, 32], needed is [3, 32]", Assert.Throws<DataException>(() => LoraAdapter.Load(model, folder.Path)).Message);
        config["use_dora"] = true;
        config["modules_to_save"] = new JsonArray("lm_head");
        File.WriteAllText(path, config.ToJsonString());
        string message = Assert.Throws<DataException>(() => LoraAdapter.Load(model, folder.Path)).Message;
        Assert.Contains("use_dora", message);
        Assert.Contains("modules_to_save", message);
    }

    [Fact]
    public void Create_WrongOptions_SaysWhatIsAllowed()
    {
        using var model = CausalLanguageModel.Load(reference.Folder("gpt2"));
        string message = Assert.Throws<ArgumentException>(() => LoraAdapter.Create(model, new() { Targets = ["c_atn", "c_proj", "q_proj"] })).Message;
        Assert.Contains("Unknown LoRA targets 'c_atn', 'q_proj' for a gpt2. Did you mean 'c_attn'?", message);
        Assert.Contains("Known: all-linear, c_attn, c_proj, c_fc.", message);
        message = Assert.Throws<ArgumentException>(() => LoraAdapter.Create(model, new() { Rank = 0, Alpha = 0, Dropout = 1 })).Message;
        Assert.Contains("Rank is 0", message);
        Assert.Contains("Alpha is 0", message);
        Assert.Contains("Dropout is 1", message);
        using var adapter = LoraAdapter.Create(model, new() { Targets = ["c_fc"] });
        Assert.Contains("has an adapter already", Assert.Throws<InvalidOperationException>(() => LoraAdapter.Create(model, new() { Targets = ["c_attn"] })).Message);
    }

    /// <summary>The reference's random tokens, as a text to learn and to be judged by.</summary>
    internal static TokenCorpus Tokens(ReferenceModels reference, string name)
    {
        using var scope = NewDisposeScope();
        var ids = reference.Tokens(name);
        var documents = Enumerable.Range(0, (int)ids.shape[0]).Select(row => new TokenDocument { Tokens = ids[row].data<long>().Select(id => (int)id).ToList() }).ToList();
        return new() { Training = documents, HeldOut = documents };
    }

    // As after a training: B is no longer zero.
    private static LoraAdapter Trained(CausalLanguageModel model, LoraOptions options)
    {
        var adapter = LoraAdapter.Create(model, options);
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator(3);
        foreach (var (_, _, layer) in adapter.Layers)
            layer.B.normal_(0, 0.1, generator);
        return adapter;
    }
}
