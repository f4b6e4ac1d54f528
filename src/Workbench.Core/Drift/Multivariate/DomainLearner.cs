using System.Text.Json.Serialization;

namespace Workbench.Drift.Multivariate;

/// <summary>What learns to tell current rows from reference rows.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DomainLearner>))]
public enum DomainLearner
{
    /// <summary>Gradient-boosted trees (ML.NET's FastTree, one thread): sees shifts, new shapes and changed dependence alike.</summary>
    BoostedTrees,
    /// <summary>Logistic regression over standardised numbers and one column for each common category: faster, sees shifts of single columns.</summary>
    LogisticRegression,
}
