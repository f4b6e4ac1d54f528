using System.Text.Json.Nodes;
using Workbench.Core.Tests.Registry;
using Workbench.Data;
using Workbench.LanguageModels;
using static TorchSharp.torch;

namespace Workbench.Core.Tests.LanguageModels;

public sealed class LanguageModelTests(ReferenceModels reference) : IClassFixture<ReferenceModels>, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("gpt2", 6, 24)]
    [InlineData("llama3", 3, 30)]
    [InlineData("llama-dynamic", 5, 16)]   // beyond its 8 positions, where nothing is cached
    public void Generate_Greedy_TakesTheLikeliestOfTheLogitsWithoutCache(string name, int given, int length)
    {
        using var scope = NewDisposeScope();
        using var model = CausalLanguageModel.Load(reference.Folder(name));
        var tokens = reference.Tokens(name).select(0, 0).narrow(0, 0, given).data<long>().ToArray().ToList();

        var generated = model.Generate(tokens.Select(id => (int)id).ToList(), new() { MaxNewTokens = length - given }).ToList();

        for (int i = 0; i < length - given; i++)
        {
            var logits = model.call(tensor(tokens.ToArray(), [1, tokens.Count])).select(1, tokens.Count - 1);
            tokens.Add(logits.argmax(-1).item<long>());
        }
        Assert.Equal(tokens.Skip(given).Select(id => (int)id), generated);
    }

    [Fact]
    public void Generate_ContextIsFull_Ends()
    {
        using var model = CausalLanguageModel.Load(reference.Folder("gpt2"));   // 24 positions
        Assert.Equal(20, model.Generate([1, 2, 3, 4], new() { MaxNewTokens = 100 }).Count());
        Assert.Contains("continues 1 to 23", Assert.Throws<ArgumentException>(() => model.Generate(new int[24], new())).Message);
        Assert.Contains("the token 61", Assert.Throws<ArgumentException>(() => model.Generate([61], new())).Message);
    }

    [Fact]
    public void Generate_StopToken_EndsBeforeIt()
    {
        using var model = CausalLanguageModel.Load(reference.Folder("qwen2"));
        var options = new GenerationOptions { MaxNewTokens = 12, Temperature = 1.5, Seed = 11 };
        var all = model.Generate([5, 6], options).ToList();
        int stop = all[7];
        Assert.Equal(all.TakeWhile(id => id != stop), model.Generate([5, 6], options with { StopTokens = [stop] }));
    }

    [Fact]
    public void Generate_WhileTraining_HasNoDropoutAndGoesOnTraining()
    {
        using var model = CausalLanguageModel.Load(reference.Folder("gpt2"));   // dropout 0.1
        var quiet = model.Generate([1, 2], new() { MaxNewTokens = 10 }).ToList();
        model.train();
        Assert.Equal(quiet, model.Generate([1, 2], new() { MaxNewTokens = 10 }));
        Assert.True(model.training);
    }

    [Fact]
    public async Task Generate_SameSeed_GivesTheSameText()
    {
        using var model = Small();
        var options = new GenerationOptions { Temperature = 1, MaxNewTokens = 20, Seed = 4 };
        string text = string.Concat(model.Generate("so hugo", options));
        Assert.Equal(text, string.Concat(model.Generate("so hugo", options)));
        Assert.NotEqual(text, string.Concat(model.Generate("so hugo", options with { Seed = 5 })));
        string streamed = "";
        await foreach (string piece in model.GenerateAsync("so hugo", options, TestContext.Current.CancellationToken))
            streamed += piece;
        Assert.Equal(text, streamed);
    }

    [Fact]
    public void Generate_StopSequence_CutsTheText()
    {
        using var model = Small();
        var options = new GenerationOptions { Temperature = 1, MaxNewTokens = 40 };
        string text = string.Concat(model.Generate("hey anna", options));
        string stop = text[20..23];
        Assert.Equal(text[..text.IndexOf(stop, StringComparison.Ordinal)], string.Concat(model.Generate("hey anna", options with { StopSequences = [stop] })));
    }

    [Fact]
    public async Task GenerateAsync_Cancelled_Stops()
    {
        using var model = Small();
        using var source = new CancellationTokenSource();
        int pieces = 0;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (string _ in model.GenerateAsync("hey", new() { Temperature = 1, MaxNewTokens = 60 }, source.Token))
                if (++pieces == 3)
                    await source.CancelAsync();
        });
        Assert.Equal(3, pieces);
    }

    [Fact]
    public void Generate_EmptyPrompt_StartsFromTheTokenThatEndsATextOrRefuses()
    {
        using var model = Small();
        Assert.NotEmpty(model.Generate("", new() { Temperature = 1, MaxNewTokens = 20 }));
        using var nameless = new LanguageModel(CausalLanguageModel.Create(model.Network.Config, seed: 1), Tokenizer.FromJson(SampleTokenizers.All["gpt2"]));
        Assert.Throws<ArgumentException>(() => nameless.Generate(""));
    }

    [Fact]
    public void Generate_OptionsOutOfRange_NamesAll()
    {
        using var model = Small();
        string message = Assert.Throws<ArgumentException>(() => model.Generate("x", new()
        {
            MaxNewTokens = 0, Temperature = -1, TopK = 0, TopP = 0, RepetitionPenalty = 0, StopSequences = [""],
        })).Message;
        Assert.All(["MaxNewTokens", "Temperature", "TopK", "TopP", "RepetitionPenalty", "StopSequences"], name => Assert.Contains(name, message));
    }

    [Fact]
    public void Save_Loaded_GivesTheSameTextAndFiles()
    {
        var options = new GenerationOptions { Temperature = 0.8, TopK = 40, TopP = 0.95, RepetitionPenalty = 1.1, MaxNewTokens = 30, StopTokens = [3, 4], StopSequences = ["\n"], Seed = 9 };
        using var model = Small(options);
        model.Save(_folder.Path, maxShardBytes: 40_000);
        using var loaded = LanguageModel.Load(_folder.Path);
        Assert.Equal(string.Concat(model.Generate("ok, we")), string.Concat(loaded.Generate("ok, we", loaded.Generation with { Seed = 9 })));
        Assert.Equivalent(options with { Seed = 0 }, loaded.Generation);
        Assert.Equal(
            ["config.json", "generation_config.json", "model.safetensors.index.json", "tokenizer.json", "tokenizer_config.json"],
            Directory.GetFiles(_folder.Path, "*.json").Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Load_GenerationConfig_SetsTheDefaults()
    {
        using (var model = Small())
            model.Save(_folder.Path);
        _folder.Write("generation_config.json", """{"do_sample":true,"top_k":20,"eos_token_id":[7,8],"num_beams":1,"max_length":4096,"transformers_version":"4.44.0"}""");
        using var loaded = LanguageModel.Load(_folder.Path);
        Assert.Equivalent(new GenerationOptions { Temperature = 1, TopK = 20, StopTokens = [7, 8] }, loaded.Generation);
        loaded.Save(_folder.Path);
        Assert.Equal("4.44.0", (string?)JsonNode.Parse(File.ReadAllText(Path.Combine(_folder.Path, "generation_config.json")))!["transformers_version"]);
    }

    [Theory]
    [InlineData("""{"num_beams":4,"no_repeat_ngram_size":3,"bad_words_ids":[[1]]}""", "num_beams = 4, no_repeat_ngram_size = 3, bad_words_ids = [[1]], which is not supported")]
    [InlineData("""{"do_sample":true,"temperature":-1}""", "Temperature is -1")]
    [InlineData("""{"top_p":"high"}""", "cannot be followed")]
    [InlineData("{", "is not readable")]
    public void Load_GenerationConfigThatCannotBeFollowed_Refuses(string config, string expected)
    {
        using (var model = Small())
            model.Save(_folder.Path);
        _folder.Write("generation_config.json", config);
        Assert.Contains(expected, Assert.Throws<DataException>(() => LanguageModel.Load(_folder.Path)).Message);
    }

    [Fact]
    public void Load_TokenizerOfALargerModel_Refuses()
    {
        using (var model = Small())
            model.Save(_folder.Path);
        _folder.Write("tokenizer.json", SampleTokenizers.All["llama2"].ToJsonString());
        Assert.Contains("The tokenizer has ids up to", Assert.Throws<DataException>(() => LanguageModel.Load(_folder.Path)).Message);
    }

    public void Dispose() => _folder.Dispose();

    private static LanguageModel Small(GenerationOptions? options = null)
    {
        var tokenizer = Tokenizer.FromJson(SampleTokenizers.All["gpt2"], new() { ["eos_token"] = "<|endoftext|>" });
        return new(CausalLanguageModel.Create(new Gpt2Config
        {
            VocabularySize = tokenizer.VocabularySize, ContextLength = 64, HiddenSize = 16, LayerCount = 2, HeadCount = 2, FeedForwardSize = 32, TieEmbeddings = true,
        }, seed: 2), tokenizer, options);
    }
}
