using System.Text.Json.Serialization;

namespace Workbench.Training;

/// <summary>The models for tabular data. Each learns binary, multiclass and regression tasks.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TabularArchitecture>))]
public enum TabularArchitecture
{
    /// <summary>Linear, or logistic, regression; a weight for each category.</summary>
    Linear,
    /// <summary>Embeddings and a multilayer perceptron, the default.</summary>
    Mlp,
    /// <summary>Embeddings and residual blocks (ResNet of Gorishniy et al. 2021, with layer in place of batch normalisation).</summary>
    ResidualMlp,
    /// <summary>A token a column and a transformer over them (FT-Transformer of Gorishniy et al. 2021).</summary>
    FtTransformer,
    /// <summary>Boosted trees grown leaf by leaf (LightGBM, Ke et al. 2017), through ML.NET.</summary>
    LightGbm,
    /// <summary>Boosted trees (MART, Friedman 2001) as ML.NET's FastTree grows them; needs no native library.</summary>
    FastTree,
}
