using System.Text.Json.Serialization;

namespace Workbench.Training.Text;

/// <summary>The models that classify texts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TextArchitecture>))]
public enum TextArchitecture
{
    /// <summary>The mean of the tokens' embeddings and a linear layer (fastText, Joulin et al. 2016), the default: order does not matter.</summary>
    EmbeddingBag,
    /// <summary>A small transformer encoder with learned positions, whose tokens are averaged.</summary>
    Transformer,
}
