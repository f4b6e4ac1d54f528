using System.Text.Json.Nodes;
using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.LanguageModels;
using Workbench.Training;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.LanguageModels;

/// <summary>Folders that are damaged or ask for what is not there.</summary>
public sealed class CheckpointFolderTests : IDisposable
{
    private static readonly LlamaConfig Small = new()
    {
        VocabularySize = 11, ContextLength = 16, HiddenSize = 8, LayerCount = 2, HeadCount = 2, KeyValueHeadCount = 1, HeadSize = 4, FeedForwardSize = 12,
        TieEmbeddings = false,
    };

    private readonly TemporaryFolder _folder = new();

    public CheckpointFolderTests()
    {
        using var model = CausalLanguageModel.Create(Small, seed: 1);
        model.Save(_folder.Path);
    }

    [Fact]
    public void Load_ConfigurationBuiltInCode_ComesBack()
    {
        using var model = CausalLanguageModel.Load(_folder.Path);
        Assert.Equal(Small with { Extras = model.Config.Extras }, model.Config);
        Assert.Equal("LlamaForCausalLM", (string?)model.Config.Extras["architectures"]![0]);
    }

    [Theory]
    [InlineData("""{"model_type":"bert"}""", "architecture 'bert'; known are gpt2, llama, mistral, qwen2")]
    [InlineData("""{"model_type":"lama"}""", "Did you mean 'llama'?")]
    [InlineData("{}", "has no model_type")]
    [InlineData("[1]", "it is no object")]
    [InlineData("""{"model_type":"llama",""", "is not readable")]
    public void Load_ConfigOfAnotherKind_Refuses(string config, string expected) => AssertRefused(() => _folder.Write("config.json", config), expected);

    [Theory]
    [InlineData("rope_scaling", """{"rope_type":"yarn","factor":4.0}""", "rope_scaling.rope_type is \"yarn\"; supported are default, linear, dynamic, llama3")]
    [InlineData("rope_scaling", """{"rope_type":"llama3","factor":4.0,"original_max_position_embeddings":8,"high_freq_factor":4.0}""", "rope_scaling.low_freq_factor is missing")]
    [InlineData("rope_scaling", """{"rope_type":"linear","factor":4.0,"attention_factor":2.0}""", "rope_scaling.attention_factor is 2.0, a field that is not supported")]
    [InlineData("rope_scaling", """{"rope_type":"dynamic","factor":4.0,"original_max_position_embeddings":8}""", "rope_scaling.original_max_position_embeddings is 8")]
    [InlineData("hidden_act", "\"mish\"", "hidden_act is \"mish\"; supported are gelu")]
    [InlineData("num_key_value_heads", "3", "num_key_value_heads is 3; it must divide num_attention_heads, which is 2")]
    [InlineData("head_dim", "5", "head_dim is 5; allowed are even numbers")]
    [InlineData("vocab_size", "null", "vocab_size is missing; it must be a whole number above 0")]
    [InlineData("hidden_size", "-8", "hidden_size is -8; it must be a whole number above 0")]
    [InlineData("attention_dropout", "1.5", "attention_dropout is 1.5")]
    [InlineData("partial_rotary_factor", "0.5", "partial_rotary_factor is 0.5; supported is 1")]
    [InlineData("quantization_config", """{"bits":4}""", "quantization_config is {\"bits\":4}, a field that is not supported")]
    [InlineData("logit_scale", "0.5", "logit_scale is 0.5, a field that is not supported")]
    [InlineData("layer_types", """["full_attention","sliding_attention"]""", "layer_types is 'sliding_attention' for layer 1")]
    public void Load_FieldThatCannotBeFollowed_NamesIt(string field, string value, string expected) =>
        AssertRefused(() => Change(config => config[field] = JsonNode.Parse(value)), expected);

    [Fact]
    public void Load_LayerTypesThatContradict_Refuses() => AssertRefused(() => Change(config =>
    {
        config["model_type"] = "mistral";
        config["sliding_window"] = 8;
        config["layer_types"] = new JsonArray("sliding_attention", "full_attention");
    }), "layer_types is 'full_attention' for layer 1");

    [Theory]
    [InlineData("""{"model_type":"mistral"}""", 4096, 0)]
    [InlineData("""{"model_type":"mistral","sliding_window":null}""", null, 0)]
    [InlineData("""{"model_type":"qwen2","use_sliding_window":false,"sliding_window":4,"max_window_layers":1}""", null, 0)]
    [InlineData("""{"model_type":"qwen2","use_sliding_window":true,"sliding_window":null,"max_window_layers":1}""", null, 0)]
    [InlineData("""{"model_type":"qwen2","use_sliding_window":true,"sliding_window":4,"max_window_layers":2}""", null, 0)]
    [InlineData("""{"model_type":"qwen2","use_sliding_window":true,"sliding_window":4,"max_window_layers":1,"layer_types":["full_attention","sliding_attention"]}""", 4, 1)]
    public void ReadConfig_SlidingWindow_IsThatOfTransformers(string changes, int? window, int firstLayer)
    {
        Change(config =>
        {
            foreach (string field in new[] { "attention_bias", "mlp_bias" })
                config.Remove(field);
            foreach (var (name, value) in (JsonObject)JsonNode.Parse(changes)!)
                config[name] = value?.DeepClone();
        });
        var config = Assert.IsType<LlamaConfig>(ModelFamilies.ReadConfig(Path.Combine(_folder.Path, "config.json"), []));
        Assert.Equal((window, firstLayer), (config.SlidingWindow, config.FirstWindowedLayer));
    }

    [Fact]
    public void Load_SeveralWrongFields_NamesAll()
    {
        Change(config =>
        {
            config["hidden_act"] = "mish";
            config["logit_scale"] = 0.5;
            config.Remove("intermediate_size");
        });
        string message = Assert.Throws<DataException>(() => CausalLanguageModel.Load(_folder.Path)).Message;
        Assert.All(["hidden_act", "logit_scale", "intermediate_size"], field => Assert.Contains(field, message));
    }

    [Fact]
    public void Load_UnknownFieldThatIsOffOrIgnored_Loads()
    {
        Change(config =>
        {
            config["some_new_switch"] = false;
            config["another"] = null;
            config["my_notes"] = "trained on a Tuesday";
        });
        using var model = CausalLanguageModel.Load(_folder.Path, new() { IgnoredConfigFields = ["my_notes"] });
        Assert.Equal("trained on a Tuesday", (string?)model.Config.Extras["my_notes"]);
    }

    [Fact]
    public void Load_WeightsOfAnotherModel_ListsEveryMisfit()
    {
        Change(config =>
        {
            config["num_hidden_layers"] = 1;
            config["intermediate_size"] = 10;
            config["attention_bias"] = true;
        });
        string message = Assert.Throws<DataException>(() => CausalLanguageModel.Load(_folder.Path)).Message;
        Assert.All(
            [
                "model.layers.0.self_attn.q_proj.bias is missing", "model.layers.0.self_attn.o_proj.bias is missing",
                "model.layers.1.mlp.up_proj.weight is not part of the model", "model.layers.0.mlp.up_proj.weight is [12, 8], needed is [10, 8]",
                "model.layers.0.mlp.down_proj.weight is [8, 12], needed is [8, 10]",
            ],
            part => Assert.Contains(part, message));
    }

    [Fact]
    public void Load_TruncatedWeights_Refuses() => AssertRefused(() =>
    {
        using var stream = File.OpenWrite(Path.Combine(_folder.Path, "model.safetensors"));
        stream.SetLength(stream.Length - 4);
    }, "is no whole safetensors file");

    [Fact]
    public void Load_NoWeights_SaysWhatIsNeeded() =>
        AssertRefused(() => File.Delete(Path.Combine(_folder.Path, "model.safetensors")), "has neither model.safetensors nor model.safetensors.index.json");

    [Fact]
    public void Load_NoFolder_Refuses() => Assert.Throws<DataException>(() => CausalLanguageModel.Load(Path.Combine(_folder.Path, "absent")));

    [Theory]
    [InlineData("../model.safetensors", "allowed are names of files beside it")]
    [InlineData("model-00009-of-00009.safetensors", "Cannot read")]
    public void Load_IndexOfOtherFiles_Refuses(string file, string expected) => AssertRefused(() =>
    {
        Shard();
        Index(map => map[map.First().Key] = file);
    }, expected);

    [Fact]
    public void Load_IndexOfAbsentTensors_NamesThem() => AssertRefused(() =>
    {
        Shard();
        Index(map => map["model.extra.weight"] = map.First().Value!.DeepClone());
    }, "names tensors that its files do not have: model.extra.weight");

    [Fact]
    public void Save_OverAnotherLayout_RemovesWhatIsStale()
    {
        int shards = Shard();
        Assert.False(File.Exists(Path.Combine(_folder.Path, "model.safetensors")));
        Assert.True(shards > 1);
        using var model = CausalLanguageModel.Load(_folder.Path);
        model.Save(_folder.Path);
        Assert.Equal(["config.json", "model.safetensors"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void Load_WeightsOfWholeNumbers_Refuses() => AssertRefused(() =>
    {
        using var model = CausalLanguageModel.Load(_folder.Path);
        using var scope = NewDisposeScope();
        SafeTensorsFile.Write(
            Path.Combine(_folder.Path, "model.safetensors"),
            model.state_dict().Select(pair => (pair.Key, pair.Key == "model.norm.weight" ? pair.Value.to_type(ScalarType.Int32) : pair.Value)).ToList());
    }, "model.norm.weight is of type I32");

    public void Dispose() => _folder.Dispose();

    private void AssertRefused(Action damage, string expected)
    {
        damage();
        Assert.Contains(expected, Assert.Throws<DataException>(() => CausalLanguageModel.Load(_folder.Path)).Message);
    }

    private void Change(Action<JsonObject> change) => Change("config.json", change);

    private void Index(Action<JsonObject> change) => Change("model.safetensors.index.json", index => change((JsonObject)index["weight_map"]!));

    private void Change(string file, Action<JsonObject> change)
    {
        string path = Path.Combine(_folder.Path, file);
        var json = (JsonObject)JsonNode.Parse(File.ReadAllText(path))!;
        change(json);
        File.WriteAllText(path, json.ToJsonString());
    }

    private int Shard()
    {
        using var model = CausalLanguageModel.Load(_folder.Path);
        model.Save(_folder.Path, maxShardBytes: 1000);
        return Directory.GetFiles(_folder.Path, "model-*.safetensors").Length;
    }
}
