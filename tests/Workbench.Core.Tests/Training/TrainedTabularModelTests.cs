using System.Security.Cryptography;
using Workbench.Data;
using Workbench.Training;

namespace Workbench.Core.Tests.Training;

public sealed class TrainedTabularModelTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workbench-model-").FullName;
    private readonly TrainedTabularModel _model = TabularTrainer.Fit(
        SubscriptionRows.Generate(1_000, 1), SubscriptionRows.Generate(300, 2), new() { MaxEpochs = 2, HiddenSizes = [8, 4] });

    [Fact]
    public void Load_Saved_PredictsTheSameBits()
    {
        _model.Save(_folder);
        using var loaded = TrainedTabularModel.Load(_folder);
        var rows = SubscriptionRows.Generate(9_000, 3);
        Assert.Equal(_model.Predict(rows), loaded.Predict(rows));
        Assert.Equal(_model.WeightsHash, loaded.WeightsHash);
        Assert.Equal(_model.History, loaded.History);
        Assert.Equal(_model.Preprocessor.Means, loaded.Preprocessor.Means);
        Assert.Equal(_model.Schema.Inputs, loaded.Schema.Inputs);
        Assert.Equal(_model.BestEpoch, loaded.BestEpoch);
    }

    [Fact]
    public void Save_Twice_WritesTheSameBytes()
    {
        _model.Save(_folder);
        string second = Directory.CreateDirectory(Path.Combine(_folder, "second")).FullName;
        using var loaded = TrainedTabularModel.Load(_folder);
        loaded.Save(second);
        foreach (string file in new[] { "model.json", "weights.safetensors" })
            Assert.Equal(File.ReadAllBytes(Path.Combine(_folder, file)), File.ReadAllBytes(Path.Combine(second, file)));
    }

    [Fact]
    public void WeightsHash_Saved_IsTheFilesSha256()
    {
        _model.Save(_folder);
        byte[] file = File.ReadAllBytes(Path.Combine(_folder, "weights.safetensors"));
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(file)), _model.WeightsHash);
    }

    // By hand: plan has 3 categories + bucket 0 = 4 codes, embedded in 3 (see the rule's test): 12.
    // Linear 5 -> 8: 48, LayerNorm 16, Linear 8 -> 4: 36, LayerNorm 8, Linear 4 -> 1: 5.
    [Fact]
    public void ParameterCount_KnownShape_IsTheHandCount() => Assert.Equal(12 + 48 + 16 + 36 + 8 + 5, _model.ParameterCount);

    [Fact]
    public void Predict_Batches_EqualTheWhole()
    {
        var rows = SubscriptionRows.Generate(20_000, 4);   // more than one prediction batch
        float[] whole = _model.Predict(rows);
        foreach (int row in new[] { 0, 4_095, 4_096, 19_999 })
        {
            var one = SubscriptionRows.Row(rows.Numeric[row * 2], rows.Numeric[row * 2 + 1], rows.Categorical[row]);
            Assert.Equal(whole[row], _model.Predict(one)[0], 1e-6f);   // another batch size may add in another order
        }
    }

    [Fact]
    public void Predict_ManyAtOnce_AnswersEachItsOwn()
    {
        var inputs = Enumerable.Range(0, 8).Select(seed => SubscriptionRows.Generate(50, seed)).ToList();
        var expected = inputs.ConvertAll(_model.Predict);
        Parallel.For(0, 400, call => Assert.Equal(expected[call % 8], _model.Predict(inputs[call % 8])));
    }

    [Fact]
    public void Predict_UnseenCategory_AnswersLikeAMissingOne() =>
        Assert.Equal(_model.Predict(SubscriptionRows.Row(1, 2, null)), _model.Predict(SubscriptionRows.Row(1, 2, "flex")));

    [Fact]
    public void Predict_MissingNumber_AnswersLikeTheMean() => Assert.Equal(
        _model.Predict(SubscriptionRows.Row(_model.Preprocessor.Means[0], 2, "basic")), _model.Predict(SubscriptionRows.Row(float.NaN, 2, "basic")));

    [Fact]
    public void Predict_OtherColumns_NamesBoth()
    {
        var rows = SubscriptionRows.Row(1, 2, "basic");
        var failure = Assert.Throws<DataException>(() => _model.Predict(rows with { Schema = rows.Schema with { Numeric = ["price", "usage"] } }));
        Assert.Contains("usage, price, plan", failure.Message);
        Assert.Contains("price, usage, plan", failure.Message);
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("model.json")]
    public void Load_FileMissing_NamesIt(string file)
    {
        _model.Save(_folder);
        File.Delete(Path.Combine(_folder, file));
        Assert.Contains(file, Assert.Throws<DataException>(() => TrainedTabularModel.Load(_folder)).Message);
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("model.json")]
    public void Load_CutAnywhere_Refuses(string file)
    {
        _model.Save(_folder);
        string path = Path.Combine(_folder, file);
        byte[] whole = File.ReadAllBytes(path);
        foreach (int length in new[] { 0, 1, 7, 8, 100, whole.Length / 2, whole.Length - 2 })
        {
            File.WriteAllBytes(path, whole[..length]);
            Assert.Contains(file, Assert.Throws<DataException>(() => TrainedTabularModel.Load(_folder)).Message);
        }
    }

    [Theory]
    [InlineData("weights.safetensors")]
    [InlineData("model.json")]
    public void Load_OneDigitChanged_Refuses(string file)
    {
        _model.Save(_folder);
        string path = Path.Combine(_folder, file);
        byte[] whole = File.ReadAllBytes(path);
        for (int index = 0; index < whole.Length; index += 1 + whole.Length / 40)
        {
            if (file == "model.json" && !char.IsAsciiDigit((char)whole[index]))
                continue;   // white space between tokens carries no meaning
            byte[] changed = [.. whole];
            changed[index] ^= 1;
            File.WriteAllBytes(path, changed);
            Assert.Throws<DataException>(() => TrainedTabularModel.Load(_folder));
        }
    }

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
