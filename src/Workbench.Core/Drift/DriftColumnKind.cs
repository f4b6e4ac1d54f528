using System.Text.Json.Serialization;

namespace Workbench.Drift;

/// <summary>How a column is compared.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DriftColumnKind>))]
public enum DriftColumnKind
{
    /// <summary>Numbers, compared as distributions of DOUBLE.</summary>
    Numeric,
    /// <summary>Names, compared by their shares.</summary>
    Categorical,
    /// <summary>True or false, compared by their shares.</summary>
    Boolean,
    /// <summary>Sentences, compared by their words, lengths, characters and languages.</summary>
    Text,
    /// <summary>Vectors of one length: a list column, or a group of numeric columns (<see cref="DriftOptions.Embedding"/>).</summary>
    Embedding,
    /// <summary>A date or time; not compared: it moves by itself.</summary>
    DateTime,
    /// <summary>Names a row; not compared: every value is new.</summary>
    Id,
    /// <summary>A type that is not compared yet, such as a structure.</summary>
    Other,
}
